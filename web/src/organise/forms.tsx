// What the organisers do with an event as a whole: places, a message, another event
// like it.
import { useState } from 'react';
import { useNavigate } from 'react-router';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { poolFragment } from '../events/Seats';
import { localOf, momentOf } from '../format/when';
import { written } from '../format/written';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

const resizeMutation = graphql(
  `
    mutation SeatPoolResize($input: SeatPoolResizeInput!) {
      seatPoolResize(input: $input) {
        event {
          id
          seatPools {
            ...SeatNumbers
          }
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [poolFragment],
);

// Capacity raises or lowers the seats of each pool. Raising lets the first in line in.
export function Capacity({ pools, again }: { pools: readonly FragmentOf<typeof poolFragment>[]; again: () => void }) {
  return (
    <>
      {readFragment(poolFragment, pools).map((pool) => (
        <Resize key={pool.id} id={pool.id} name={pool.name} capacity={pool.capacity ?? 0} again={again} />
      ))}
    </>
  );
}

function Resize({ id, name, capacity, again }: { id: string; name: string; capacity: number; again: () => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(resizeMutation);
  const [done, setDone] = useState(0);
  const resize = async (values: Values) => {
    if ((await run({ id, capacity: Number(values.text('capacity')) })) === null) return;
    setDone(done + 1);
    again();
  };
  return (
    <Form wrong={wrong} onSubmit={(values) => void resize(values)} label={t('organise.capacity', { pool: name })}>
      {done > 0 && <Done key={done}>{t('organise.resized')}</Done>}
      <div className="row">
        <TextField label={t('organise.capacity', { pool: name })} name="capacity" type="number" min={0} max={100_000} defaultValue={capacity} wrong={about('capacity', wrong)} />
        <Submit busy={busy}>{t('organise.resize')}</Submit>
      </div>
    </Form>
  );
}

const messageMutation = graphql(`
  mutation EventMessageSend($input: EventMessageSendInput!) {
    eventMessageSend(input: $input) {
      message {
        id
        recipients
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

const audiences = { toAll: null, toConfirmed: ['CONFIRMED'], toWaiting: ['WAITLISTED'] } as const;
type Audience = keyof typeof audiences;

// Message is a mail to those who come, or to some of them.
export function Message({ event }: { event: string }) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(messageMutation);
  const [sent, setSent] = useState<{ number: number; round: number }>({ number: 0, round: 0 });
  const send = async (values: Values) => {
    const to = audiences[values.text('to') as Audience] ?? null;
    const answer = await run({
      event,
      subject: written(values.text('subject'), language),
      text: written(values.text('text'), language),
      states: to === null ? null : [...to],
    });
    if (answer !== null) setSent({ number: answer.eventMessageSend.message?.recipients ?? 0, round: sent.round + 1 });
  };
  return (
    <>
      {sent.round > 0 && (
        <Done key={sent.round} focus>
          {t('organise.sent', { number: sent.number })}
        </Done>
      )}
      <Form key={`form ${sent.round}`} wrong={wrong} onSubmit={(values) => void send(values)} label={t('organise.message')}>
        <SelectField label={t('organise.to')} name="to" defaultValue="toAll">
          {(Object.keys(audiences) as Audience[]).map((one) => (
            <option key={one} value={one}>
              {t(`organise.${one}`)}
            </option>
          ))}
        </SelectField>
        <TextField label={t('organise.subject')} name="subject" maxLength={200} wrong={about('subject', wrong)} />
        <TextArea label={t('organise.text')} name="text" rows={5} wrong={about('text', wrong)} />
        <Submit busy={busy}>{t('organise.send')}</Submit>
      </Form>
    </>
  );
}

const duplicateMutation = graphql(`
  mutation EventDuplicate($input: EventDuplicateInput!) {
    eventDuplicate(input: $input) {
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

// Duplicate makes a draft like the event, a week later unless another day is said.
export function Duplicate({ event, startsAt }: { event: string; startsAt: string | null }) {
  const { t } = useTexts();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(duplicateMutation);
  const duplicate = async (values: Values) => {
    const answer = await run({ id: event, startsAt: momentOf(values.text('startsAt')) });
    const id = answer?.eventDuplicate.event?.id;
    if (id !== undefined) await navigate(`/events/${id}`);
  };
  return (
    <Form wrong={wrong} onSubmit={(values) => void duplicate(values)} label={t('organise.duplicate')}>
      <div className="row">
        <TextField label={t('organise.duplicateAt')} name="startsAt" type="datetime-local" defaultValue={aWeekLater(startsAt)} wrong={about('startsAt', wrong)} />
        <Submit busy={busy}>{t('organise.duplicated')}</Submit>
      </div>
    </Form>
  );
}

// aWeekLater is the same time of day seven days later, as clocks in Madrid show it.
function aWeekLater(startsAt: string | null): string {
  return localOf((startsAt === null ? Date.now() : Date.parse(startsAt)) + 7 * 24 * 3600 * 1000);
}
