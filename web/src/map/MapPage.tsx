import { useSearchParams } from 'react-router';

import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { AboutField } from '../app/Terms';
import { SelectField } from '../forms/Field';
import { useTexts } from '../i18n';
import { sorts } from './counts';
import { Happenings, useHappenings } from './Happenings';

// The map of what happens where, with the same in a table beside it.
export function Component() {
  const { t } = useTexts();
  const [params, setParams] = useSearchParams();
  const about = params.get('about') ?? '';
  const sort = sorts.find((one) => one === params.get('what')) ?? null;
  const change = (name: string, value: string) =>
    setParams(
      (before) => {
        const next = new URLSearchParams(before);
        if (value === '') next.delete(name);
        else next.set(name, value);
        return next;
      },
      { replace: true, preventScrollReset: true },
    );
  const { counts, error, again } = useHappenings({ about: about === '' ? null : [about] });
  return (
    <Page title={t('map.title')} lead={t('map.lead')}>
      <form className="filters" aria-label={t('filters.label')} onSubmit={(event) => event.preventDefault()}>
        <SelectField label={t('map.what')} name="what" value={sort ?? ''} onChange={(event) => change('what', event.target.value)}>
          <option value="">{t('map.everything')}</option>
          {sorts.map((one) => (
            <option key={one} value={one}>
              {t(`map.${one}`)}
            </option>
          ))}
        </SelectField>
        <AboutField name="about" value={about} onChange={(id) => change('about', id)} />
      </form>
      {error !== undefined && <Failed error={error} retry={again} />}
      {counts === undefined && error === undefined && <Loading />}
      {counts !== undefined && <Happenings counts={counts} sort={sort} label={t('map.title')} />}
    </Page>
  );
}
