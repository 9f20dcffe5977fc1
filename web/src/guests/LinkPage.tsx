import { useQuery } from 'urql';

import { graphql, readFragment } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { useLinkToken } from '../app/useLinkToken';
import { useFollowed } from '../events/changes';
import { useTexts } from '../i18n';
import { Linked, linkedFragment } from './Linked';

const linkQuery = graphql(
  `
    query RegistrationLinkAsked($token: String!) {
      registrationLink(token: $token) {
        ...RegistrationLinked
      }
    }
  `,
  [linkedFragment],
);

// Where the mails lead to who registered without an account. The link is enough.
export function Component() {
  const { t } = useTexts();
  const { token } = useLinkToken({ stays: true });
  return (
    <Page title={t('registrationLink.title')}>{token === null ? <p>{t('accept.noLink')}</p> : <Asked key={token} token={token} />}</Page>
  );
}

function Asked({ token }: { token: string }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: linkQuery, variables: { token } });
  const again = () => ask({ requestPolicy: 'network-only' });
  if (error !== undefined) return <Failed error={error} retry={again} />;
  if (data === undefined) return <Loading />;
  if (data.registrationLink === null) return <p role="alert">{t('registrationLink.useless')}</p>;
  const { eventId, waiting } = readFragment(linkedFragment, data.registrationLink);
  return (
    <>
      {waiting > 0 && eventId !== null && <Moving event={eventId} onChange={again} />}
      <Linked token={token} registration={data.registrationLink} onChange={again} />
    </>
  );
}

// Who waits sees the place in the line move: the link gives no right to follow a
// registration, so it is asked for again when the seats of the event have changed.
function Moving({ event, onChange }: { event: string; onChange: () => void }) {
  useFollowed(event, onChange);
  return null;
}
