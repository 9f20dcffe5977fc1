// What the page of the design system shows of each component.
import { Facts } from './Facts';
import { TextField } from '../forms/Field';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';

export function Field() {
  const { t } = useTexts();
  return (
    <form onSubmit={(event) => event.preventDefault()}>
      <TextField label={t('events.title')} hint={t('design.hint')} name="title" />
      <TextField label={t('events.when')} wrong={t('design.wrong')} name="when" />
    </form>
  );
}

export function Messages() {
  const { t } = useTexts();
  return (
    <>
      <p className="message">{t('demo')}</p>
      <p className="message message-good">{t('design.good')}</p>
      <p className="message message-wrong">{t('design.wrong')}</p>
    </>
  );
}

export function Pieces() {
  const { t } = useTexts();
  return (
    <>
      <ul className="tags">
        <li className="badge">{t('eventKind.TRAINING')}</li>
        <li className="badge badge-good">{t('registrationState.CONFIRMED')}</li>
        <li className="badge badge-thread">{t('registrationState.WAITLISTED')}</li>
        <li className="badge badge-wrong">{t('eventState.CANCELLED')}</li>
        <li className="badge badge-plain">{t('eventState.DRAFT')}</li>
      </ul>
      <section className="standing">
        <h3>{t('events.places')}</h3>
        <progress className="meter" value={62} max={80} aria-hidden="true" />
        <span className="small">{t('seats.counts', { confirmed: 62, capacity: 80 })}</span>
        <progress className="meter meter-full" value={1} max={1} aria-hidden="true" />
        <span className="small">{t('availability.FULL')}</span>
      </section>
      <Facts
        facts={[
          { name: t('events.when'), value: '28/11/2026' },
          { name: t('events.where'), value: 'Terrassa' },
        ]}
      />
      <Table label={t('events.places')} columns={[t('events.title'), t('events.places')]} caption={t('design.pieces')}>
        <tr>
          <th scope="row">{t('eventKind.SEMINAR')}</th>
          <td>{t('availability.FEW')}</td>
        </tr>
      </Table>
    </>
  );
}
