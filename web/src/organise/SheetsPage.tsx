import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { QRCode } from '../checkin/QRCode';
import { When, whenFragment } from '../events/When';
import { formatClock, formatNumber } from '../format/when';
import { Radios } from '../forms/Radios';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { useAll, type Registration } from './all';

type Delegate = Registration['delegates'][number] & { organisation: string };
type Sheet = 'list' | 'badges';

const eventQuery = graphql(
  `
    query EventOnPaper($id: ID!) {
      event(id: $id) {
        id
        title
        venueName
        ...EventWhen
      }
    }
  `,
  [whenFragment],
);

// The list for the door and the badges, to be printed on sheets of A4.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data }] = useQuery({ query: eventQuery, variables: { id } });
  const event = data?.event;
  return (
    <Page
      title={event?.title ?? t('organise.sheets')}
      kicker={<Link to={`/events/${id}/organise`}>{t('organise.title')}</Link>}
      lead={
        event == null ? undefined : (
          <>
            <When event={event} />
            {event.venueName !== null && <> · {event.venueName}</>}
          </>
        )
      }
    >
      <SignedInOnly>{() => <Sheets event={id} title={event?.title ?? ''} />}</SignedInOnly>
    </Page>
  );
}

function Sheets({ event, title }: { event: string; title: string }) {
  const { t, language } = useTexts();
  const all = useAll(event);
  const [sheet, setSheet] = useState<Sheet>('list');
  if (all.error !== undefined) return <Failed error={all.error} retry={all.again} />;
  if (!all.done) return <p role="status">{t('organise.reading', { number: formatNumber(all.list.length, language) })}</p>;
  const coming = comingOf(all.list, language);
  return (
    <>
      <form data-print="no" onSubmit={(event) => event.preventDefault()}>
        <Radios
          legend={t('organise.sheets')}
          name="sheet"
          value={sheet}
          options={[
            { value: 'list', label: t('organise.list') },
            { value: 'badges', label: t('organise.badges') },
          ]}
          onChange={setSheet}
        />
        <p className="actions">
          <button type="button" className="button-main" onClick={() => window.print()}>
            {t('organise.print')}
          </button>
        </p>
      </form>
      <h2>{t(`organise.${sheet}`)}</h2>
      {coming.length === 0 && <p className="empty">{t('organise.none')}</p>}
      {coming.length > 0 && (sheet === 'list' ? <List coming={coming} /> : <Badges coming={coming} title={title} />)}
    </>
  );
}

// comingOf are those with a seat, by name; who is not named yet comes last.
function comingOf(list: readonly Registration[], language: string): Delegate[] {
  const all = list.flatMap(({ organization, delegates }) => delegates.map((one) => ({ ...one, organisation: organization?.name ?? '' })));
  return all
    .filter(({ state }) => state === 'CONFIRMED' || state === 'ATTENDED' || state === 'NO_SHOW')
    .sort((a, b) => Number(a.name === null) - Number(b.name === null) || (a.name ?? '').localeCompare(b.name ?? '', language) || a.organisation.localeCompare(b.organisation, language));
}

function List({ coming }: { coming: Delegate[] }) {
  const { t, language } = useTexts();
  return (
    <div className="sheet-list">
      <Table
        label={t('organise.list')}
        columns={[t('register.name'), t('register.organisation'), t('organise.role'), t('organise.arrived'), t('door.code'), t('organise.signature')]}
      >
        {coming.map((one) => (
          <tr key={one.id}>
            <th scope="row">{one.name ?? t('registrations.nameLater')}</th>
            <td>{one.organisation}</td>
            <td>{t(`delegateRole.${one.role}`)}</td>
            <td className="times">{one.arrivedAt === null ? '' : formatClock(one.arrivedAt, language)}</td>
            <td>{one.checkInCode !== null && <QRCode text={one.checkInCode} label={t('organise.qr', { name: one.name ?? t('registrations.nameLater') })} />}</td>
            <td />
          </tr>
        ))}
      </Table>
    </div>
  );
}

function Badges({ coming, title }: { coming: Delegate[]; title: string }) {
  const { t } = useTexts();
  return (
    <ul className="badges">
      {coming.map((one) => (
        <li key={one.id} className="badge-card">
          <div>
            <p className="badge-name">{one.name ?? t('registrations.nameLater')}</p>
            <p>{one.organisation}</p>
            <p className="small badge-event">{title}</p>
          </div>
          {one.checkInCode !== null && <QRCode text={one.checkInCode} label={t('organise.qr', { name: one.name ?? t('registrations.nameLater') })} />}
        </li>
      ))}
    </ul>
  );
}
