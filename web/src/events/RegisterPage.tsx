import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { about } from '../forms/errors';
import { SelectField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { blockFragment, BlockFields, blockOf, useBlock } from './Block';
import { useFollowed } from './changes';
import { GuestForm } from './GuestForm';
import { registrationFragment } from './Registered';
import { poolFragment, Seats } from './Seats';
import { When, whenFragment } from './When';

const registerQuery = graphql(
  `
    query RegisterFor($id: ID!) {
      event(id: $id) {
        id
        title
        ...EventBlock
        seatPools {
          ...SeatNumbers
        }
        viewerCanRegister {
          allowed
          reason
        }
        ...EventWhen
      }
      viewer {
        appointments {
          role
          organization {
            id
            name
            viewerCanRegister {
              allowed
            }
          }
        }
      }
    }
  `,
  [blockFragment, poolFragment, whenFragment],
);

const createMutation = graphql(
  `
    mutation RegistrationCreate($input: RegistrationCreateInput!) {
      registrationCreate(input: $input) {
        registration {
          id
          ...MyRegistration
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [registrationFragment],
);

type Asked = ResultOf<typeof registerQuery>;

// Registering a block of delegates for an event, on one page.
export function Component() {
  const { t } = useTexts();
  const { id = '' } = useParams();
  const [{ data, error }, ask] = useQuery({ query: registerQuery, variables: { id }, requestPolicy: 'cache-and-network' });
  const event = data?.event;
  return (
    <Page title={t('register.title')} kicker={event != null ? <Link to={`/events/${event.id}`}>{event.title}</Link> : undefined}>
      {error !== undefined && data === undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
      {error === undefined && data === undefined && <Loading />}
      {event === null && <p>{t('notFound.text')}</p>}
      {data !== undefined && event != null && <ForReader event={event} viewer={data.viewer} />}
    </Page>
  );
}

interface Props {
  event: NonNullable<Asked['event']>;
  viewer: Asked['viewer'];
}

// ForReader offers who has no account to register by mail. When somebody's session
// has ended, the page says so instead.
function ForReader({ event, viewer }: Props) {
  const { standing } = useSession();
  if (standing.kind === 'anonymous' && standing.ended === null)
    return (
      <Beside event={event}>
        <GuestForm event={event} />
      </Beside>
    );
  return <SignedInOnly>{() => <Register event={event} viewer={viewer} />}</SignedInOnly>;
}

function organisationsOf(viewer: Asked['viewer']): { id: string; name: string }[] {
  const all = (viewer?.appointments ?? []).flatMap(({ organization }) =>
    organization !== null && organization.viewerCanRegister.allowed ? [{ id: organization.id, name: organization.name }] : [],
  );
  return all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
}

function Register({ event, viewer }: Props) {
  const { t } = useTexts();
  const organisations = organisationsOf(viewer);
  const { allowed, reason } = event.viewerCanRegister;
  return (
    <Beside event={event}>
      {!allowed && (
        <div className="message message-wrong">
          <p>{reason ?? t('register.closed')}</p>
        </div>
      )}
      {allowed && organisations.length === 0 && (
        <div className="message">
          <p>{t('organisations.none')}</p>
        </div>
      )}
      {allowed && organisations.length > 0 && <Block event={event} organisations={organisations} />}
    </Beside>
  );
}

// Beside the form stand the places that are left, as they are while somebody writes.
function Beside({ event, children }: { event: Props['event']; children: ReactNode }) {
  const { t } = useTexts();
  useFollowed(event.id);
  return (
    <div className="beside">
      <aside aria-label={t('events.places')}>
        <section className="standing" aria-labelledby="places">
          <h2 id="places">{t('events.places')}</h2>
          <p className="small soft">
            <When event={event} />
          </p>
          <Seats pools={event.seatPools} />
        </section>
      </aside>
      <div>{children}</div>
    </div>
  );
}

function Block({ event, organisations }: { event: Props['event']; organisations: { id: string; name: string }[] }) {
  const { t } = useTexts();
  const { actingFor } = useSession();
  const navigate = useNavigate();
  const draft = useDraft(`register.${event.id}`);
  const kept = draft?.peek() ?? null;
  const block = useBlock(kept);
  const { run, busy, wrong } = useAction(createMutation);
  const send = async (values: Values) => {
    const input = {
      event: event.id,
      organization: values.text('organization'),
      ...blockOf(event, block, values),
    };
    if ((await run(input)) === null) return;
    draft?.drop();
    await navigate(`/events/${event.id}`, { state: { registered: true } });
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('register.title')}>
      <SelectField
        label={t('register.organisation')}
        name="organization"
        defaultValue={organisations.some(({ id }) => id === actingFor) ? (actingFor ?? '') : organisations[0]?.id}
        wrong={about('organization', wrong)}
      >
        {organisations.map(({ id, name }) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </SelectField>
      <BlockFields event={event} block={block} wrong={wrong} />
      <Submit busy={busy}>{t('register.send', { number: block.count })}</Submit>
    </Form>
  );
}
