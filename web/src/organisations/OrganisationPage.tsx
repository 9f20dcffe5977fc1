import { Link, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { About, aboutFragment } from './About';
import { claimingFragment, Claiming } from './Claiming';
import { Invitations, invitationFragment } from './Invitations';
import { OpenClaims, openClaimFragment } from './OpenClaims';
import { People, personFragment } from './People';

const organisationQuery = graphql(
  `
    query Organisation($id: ID!) {
      organization(by: { id: $id }) {
        __typename
        id
        name
        viewerCanAdminister
        ...AboutOrganisation
        invitations {
          ...InvitationRow
        }
        ... on Association {
          people(first: 100) {
            ...PersonRow
          }
          ...Claiming
          openClaims(first: 100) {
            ...OpenClaim
          }
        }
        ... on Municipality {
          openClaims(first: 100) {
            ...OpenClaim
          }
        }
      }
    }
  `,
  [aboutFragment, invitationFragment, personFragment, claimingFragment, openClaimFragment],
);

type Organisation = NonNullable<ResultOf<typeof organisationQuery>['organization']>;

export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const { standing } = useSession();
  const [{ data, error }, ask] = useQuery({ query: organisationQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const again = () => ask({ requestPolicy: 'network-only' });
  return (
    <Page
      title={data?.organization?.name ?? t('organisations.organisation')}
      kicker={
        <>
          <Link to="/directory">{t('menu.directory')}</Link>
          {data?.organization != null && <> · {t(`administration.type.${data.organization.__typename}`)}</>}
        </>
      }
    >
      {error !== undefined && data === undefined && <Failed error={error} retry={again} />}
      {error === undefined && data === undefined && <Loading />}
      {data?.organization === null && <p>{t('organisations.unknown')}</p>}
      {data?.organization != null && (
        <>
          <About organisation={data.organization} />
          {standing.kind === 'signedIn' && <Inside organisation={data.organization} onChange={again} />}
        </>
      )}
    </Page>
  );
}

// Inside is what is for the people of an organisation, and for who may become one.
function Inside({ organisation, onChange }: { organisation: Organisation; onChange: () => void }) {
  const { t } = useTexts();
  const { id, viewerCanAdminister: administers, invitations } = organisation;
  const association = organisation.__typename === 'Association' ? organisation : null;
  const invites = administers || invitations.length > 0;
  return (
    <>
      {association !== null && <Claiming association={association} onChange={onChange} />}
      {'openClaims' in organisation && <OpenClaims claims={organisation.openClaims} onChange={onChange} />}
      {association !== null && (
        <People organisation={id} people={association.people} administers={administers} onChange={onChange} />
      )}
      {invites && (
        <Invitations
          organisation={id}
          kind={organisation.__typename}
          invitations={invitations}
          administers={administers}
          onChange={onChange}
        />
      )}
      {administers && (
        <p>
          <Link to={`/audit/${id}`}>{t('audit.of')}</Link>
        </p>
      )}
    </>
  );
}
