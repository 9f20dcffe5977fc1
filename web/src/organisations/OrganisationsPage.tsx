import { Link } from 'react-router';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { Dates } from './Dates';
import { InvitationsToMe, invitationToMeFragment } from './InvitationsToMe';
import { MyClaims, myClaimFragment } from './MyClaims';

const appointmentFragment = graphql(`
  fragment MyAppointment on Appointment {
    role
    from
    until
    organization {
      id
      name
    }
  }
`);

const organisationsQuery = graphql(
  `
    query MyOrganisations {
      viewer {
        appointments {
          ...MyAppointment
        }
        invitations {
          ...InvitationToMe
        }
        claims {
          ...MyClaim
        }
      }
    }
  `,
  [appointmentFragment, invitationToMeFragment, myClaimFragment],
);

export function Component() {
  const { t } = useTexts();
  return (
    <Page title={t('organisations.title')}>
      <SignedInOnly>{() => <Mine />}</SignedInOnly>
    </Page>
  );
}

function Mine() {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: organisationsQuery, requestPolicy: 'cache-and-network' });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined || data.viewer === null) return <Loading />;
  const { appointments, invitations, claims } = data.viewer;
  return (
    <>
      <InvitationsToMe invitations={invitations} />
      {appointments.length === 0 ? <p>{t('organisations.none')}</p> : <Appointments appointments={appointments} />}
      <MyClaims claims={claims} />
    </>
  );
}

function Appointments({ appointments: given }: { appointments: readonly FragmentOf<typeof appointmentFragment>[] }) {
  const { t } = useTexts();
  const { actingFor, actFor } = useSession();
  const appointments = readFragment(appointmentFragment, given);
  return (
    <>
      <p className="lead">{t('organisations.intro')}</p>
      <Table
        label={t('organisations.title')}
        caption={t('organisations.caption')}
        columns={[
          t('organisations.organisation'),
          t('organisations.role'),
          t('organisations.dates'),
          t('organisations.acting'),
        ]}
      >
            {appointments.map(({ organization, role, from, until }) =>
              organization === null ? null : (
                <tr key={`${organization.id} ${role}`}>
                  <th scope="row">
                    <Link to={`/organisations/${organization.id}`}>{organization.name}</Link>
                  </th>
                  <td>{t(`actingRole.${role}`)}</td>
                  <td>
                    <Dates from={from} until={until} />
                  </td>
                  <td>
                    <ActFor name={organization.name} acting={organization.id === actingFor} choose={() => actFor(organization.id)} />
                  </td>
                </tr>
              ),
            )}
      </Table>
      {actingFor !== null && (
        <div className="actions">
          <button type="button" onClick={() => actFor(null)}>
            {t('organisations.actForNobody')}
          </button>
        </div>
      )}
    </>
  );
}

interface ActForProps {
  name: string;
  acting: boolean;
  choose: () => void;
}

function ActFor({ name, acting, choose }: ActForProps) {
  const { t } = useTexts();
  return (
    <button type="button" aria-pressed={acting} aria-label={t('organisations.actForName', { name })} onClick={choose}>
      {t('organisations.actFor')}
    </button>
  );
}
