import { useSearchParams } from 'react-router';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Loading } from '../app/Loading';
import { kinds } from '../events/filters';
import { about } from '../forms/errors';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { momentOf } from '../format/when';
import { written, writtenOrNot } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, type Body } from './Bodies';
import { NewPage } from './NewPage';
import { pageOf, useMade } from './useMade';

const createMutation = graphql(`
  mutation EventCreate($input: EventCreateInput!) {
    eventCreate(input: $input) {
      event {
        id
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

// What another event may be made after.
const patternQuery = graphql(`
  query EventPattern($id: ID!) {
    event(id: $id) {
      id
      title
      kind
      summary
      venueName
      onlineUrl
      about {
        id
      }
      audiences {
        id
      }
      seatPools {
        id
        general
        capacity
      }
    }
  }
`);

type Pattern = ResultOf<typeof patternQuery>['event'];

export function Component() {
  const { t } = useTexts();
  const [params] = useSearchParams();
  const from = params.get('from');
  const [{ data }] = useQuery({ query: patternQuery, variables: { id: from ?? '' }, pause: from === null });
  return (
    <NewPage title={t('create.event')}>
      {(bodies) => (from !== null && data === undefined ? <Loading /> : <New bodies={bodies} pattern={data?.event ?? null} from={from} />)}
    </NewPage>
  );
}

function New({ bodies, pattern, from }: { bodies: Body[]; pattern: Pattern; from: string | null }) {
  const { t, language } = useTexts();
  const draft = useDraft(`event.new.${from ?? ''}`);
  const { make, busy, wrong } = useMade(createMutation, ({ eventCreate: { event } }) => pageOf('events', event), { draft });
  const send = async (values: Values) => {
    const moment = (name: string) => (values.optional(name) === null ? null : momentOf(values.text(name)));
    const capacity = values.optional('capacity');
    await make({
      organiser: values.text('organiser'),
      kind: kinds.find((kind) => kind === values.text('kind')) ?? 'CONFERENCE_DAY',
      title: written(values.text('title'), language),
      summary: writtenOrNot(values.optional('summary'), language),
      startsAt: moment('startsAt'),
      endsAt: moment('endsAt'),
      venueName: values.optional('venueName'),
      onlineUrl: values.optional('onlineUrl'),
      about: pattern?.about.map(({ id }) => id) ?? null,
      audiences: pattern?.audiences.map(({ id }) => id) ?? null,
      seatPools: capacity === null ? null : [{ name: { ca: 'Places generals', es: 'Plazas generales', en: 'General seats' }, capacity: Number(capacity) }],
    });
  };
  const capacity = pattern?.seatPools.find(({ general }) => general)?.capacity;
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.event')}>
      <TextField label={t('create.title')} name="title" defaultValue={pattern?.title} wrong={about('title', wrong)} />
      <div className="row">
        <TextField label={t('create.starts')} name="startsAt" type="datetime-local" wrong={about('startsAt', wrong)} />
        <TextField label={t('forms.optional', { label: t('create.ends') })} name="endsAt" type="datetime-local" wrong={about('endsAt', wrong)} />
      </div>
      <TextField label={t('create.place')} name="venueName" defaultValue={pattern?.venueName ?? ''} wrong={about('venueName', wrong)} />
      <TextField
        label={t('forms.optional', { label: t('create.online') })}
        name="onlineUrl"
        type="url"
        defaultValue={pattern?.onlineUrl ?? ''}
        wrong={about('onlineUrl', wrong)}
      />
      <div className="row">
        <BodyField bodies={bodies} name="organiser" label={t('events.organisers')} wrong={about('organiser', wrong)} />
        <SelectField label={t('events.kind')} name="kind" defaultValue={pattern?.kind ?? 'CONFERENCE_DAY'} wrong={about('kind', wrong)}>
          {kinds.map((kind) => (
            <option key={kind} value={kind}>
              {t(`eventKind.${kind}`)}
            </option>
          ))}
        </SelectField>
      </div>
      <TextField
        label={t('forms.optional', { label: t('events.places') })}
        hint={t('create.placesHint')}
        name="capacity"
        type="number"
        min={1}
        defaultValue={capacity ?? ''}
        wrong={about('seatPools', wrong)}
      />
      <TextArea label={t('forms.optional', { label: t('create.summary') })} name="summary" rows={3} defaultValue={pattern?.summary ?? ''} wrong={about('summary', wrong)} />
      <Submit busy={busy}>{t('create.draft')}</Submit>
    </Form>
  );
}
