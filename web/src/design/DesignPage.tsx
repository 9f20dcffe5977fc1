import { Empty } from '../app/Empty';
import { Page } from '../app/Page';
import { Field, Messages, Pieces } from './samples';
import { useTexts } from '../i18n';

const colours = ['ink', 'ink-soft', 'paper', 'raised', 'soft', 'sunk', 'line', 'control', 'accent', 'accent-strong', 'accent-soft', 'thread', 'thread-soft', 'danger', 'danger-soft', 'good', 'good-soft'];

// The design system on one page: what a page may be made of.
export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('design.title')} lead={t('design.lead')}>
      <h2>{t('design.type')}</h2>
      <p className="sample-h1">{t('design.sample')}</p>
      <p className="sample-h2">{t('design.sample')}</p>
      <p className="lead">{t('design.sample')}</p>
      <p>{t('design.sample')}</p>
      <p className="small soft">{t('design.sample')}</p>
      <h2>{t('design.colours')}</h2>
      <ul className="swatches">
        {colours.map((name) => (
          <li key={name}>
            <span className={`swatch swatch-${name}`} aria-hidden="true" />
            <code>--{name}</code>
          </li>
        ))}
      </ul>
      <h2>{t('design.controls')}</h2>
      <p className="actions">
        <button type="button" className="button-main">
          {t('design.main')}
        </button>
        <button type="button">{t('design.button')}</button>
        <button type="button" aria-pressed="true">
          {t('design.chosen')}
        </button>
        <button type="button" className="button-danger">
          {t('design.danger')}
        </button>
      </p>
      <Field />
      <h2>{t('design.messages')}</h2>
      <Messages />
      <Empty>
        <p>{t('events.none')}</p>
      </Empty>
      <h2>{t('design.pieces')}</h2>
      <Pieces />
    </Page>
  );
}
