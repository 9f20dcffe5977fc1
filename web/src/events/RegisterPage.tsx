import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { SignedInOnly } from '../app/SignedInOnly';
import { about } from '../forms/errors';
import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';
import { useFollowed } from './changes';
import { delegatesOf, policies, roles, rowsOf, type Policy } from './delegates';
import { registrationFragment } from './Registered';
import { poolFragment, Seats } from './Seats';
import { When, whenFragment } from './When';

const registerQuery = graphql(
  `
    query RegisterFor($id: ID!) {
      event(id: $id) {
        id
        title
        requiresApproval
        audiences {
          id
          title
        }
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
  [poolFragment, whenFragment],
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
      <SignedInOnly>
        {() => (
          <>
            {error !== undefined && data === undefined && <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />}
            {error === undefined && data === undefined && <Loading />}
            {event === null && <p>{t('notFound.text')}</p>}
            {data !== undefined && event != null && <Register event={event} viewer={data.viewer} />}
          </>
        )}
      </SignedInOnly>
    </Page>
  );
}

interface Props {
  event: NonNullable<Asked['event']>;
  viewer: Asked['viewer'];
}

function organisationsOf(viewer: Asked['viewer']): { id: string; name: string }[] {
  const all = (viewer?.appointments ?? []).flatMap(({ organization }) =>
    organization !== null && organization.viewerCanRegister.allowed ? [{ id: organization.id, name: organization.name }] : [],
  );
  return all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
}

function Register({ event, viewer }: Props) {
  const { t } = useTexts();
  useFollowed(event.id); // the places that are left, as they are while somebody writes
  const organisations = organisationsOf(viewer);
  const { allowed, reason } = event.viewerCanRegister;
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
      <div>
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
      </div>
    </div>
  );
}

function Block({ event, organisations }: { event: Props['event']; organisations: { id: string; name: string }[] }) {
  const { t } = useTexts();
  const { actingFor } = useSession();
  const navigate = useNavigate();
  const draft = useDraft(`register.${event.id}`);
  const kept = draft?.peek() ?? null;
  const [count, setCount] = useState(() => Math.max(1, rowsOf(kept)));
  const [policy, setPolicy] = useState<Policy>(() => policies.find((one) => one === kept?.['policy']?.[0]) ?? 'WAIT_TOGETHER');
  const { run, busy, wrong } = useAction(createMutation);
  const send = async (values: Values) => {
    const input = {
      event: event.id,
      organization: values.text('organization'),
      delegates: delegatesOf(values, count),
      policy,
      audience: values.optional('audience'),
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
      {event.audiences.length > 0 && (
        <SelectField label={t('register.audience')} name="audience" defaultValue="" wrong={about('audience', wrong)}>
          <option value="">{t('register.noAudience')}</option>
          {event.audiences.map(({ id, title }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
      )}
      <h2>{t('register.who')}</h2>
      <p className="hint">{t('register.whoHint')}</p>
      {Array.from({ length: count }, (_, at) => (
        <Delegate key={at} at={at} />
      ))}
      <div className="actions">
        <button type="button" onClick={() => setCount(count + 1)}>
          {t('register.add')}
        </button>
        {count > 1 && (
          <button type="button" onClick={() => setCount(count - 1)}>
            {t('register.remove')}
          </button>
        )}
      </div>
      {count > 1 ? (
        <Radios
          legend={t('register.policy')}
          name="policy"
          value={policy}
          options={policies.map((value) => ({ value, label: t(`placesPolicy.${value}`) }))}
          onChange={setPolicy}
        />
      ) : (
        <p className="hint">{t('register.alone')}</p>
      )}
      <PrivacyNotice form="REGISTRATION" about={event.id} />
      {event.requiresApproval && <p>{t('events.approval')}</p>}
      <Submit busy={busy}>{t('register.send', { number: count })}</Submit>
    </Form>
  );
}

function Delegate({ at }: { at: number }) {
  const { t } = useTexts();
  return (
    <fieldset className="delegate">
      <legend>{t('register.person', { number: at + 1 })}</legend>
      <div className="row">
        <TextField label={t('forms.optional', { label: t('register.name') })} name={`name.${at}`} autoComplete="off" />
        <TextField label={t('forms.optional', { label: t('register.mail') })} name={`mail.${at}`} type="email" autoComplete="off" />
        <SelectField label={t('register.role')} name={`role.${at}`} defaultValue="ASSOCIATION">
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`delegateRole.${role}`)}
            </option>
          ))}
        </SelectField>
      </div>
    </fieldset>
  );
}
