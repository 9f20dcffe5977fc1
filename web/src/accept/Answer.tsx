import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { formatMoment, formatShort } from '../format/when';
import { useTexts } from '../i18n';
import type { ca } from '../i18n/ca';

export const invitationFragment = graphql(`
  fragment DelegateInvitation on DelegateInvitation {
    event
    startsAt
    organization
    name
    state
    visibility
    diet
    access
    answer
    until
  }
`);

const answerMutation = graphql(`
  mutation DelegateAnswer($input: DelegateAnswerInput!) {
    delegateAnswer(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Invitation = ResultOf<typeof invitationFragment>;
type Kind = keyof typeof ca.delegateAnswer;

const kinds: readonly Kind[] = ['ACCEPT', 'CORRECT', 'NOT_ME'];
const visibilities: readonly Invitation['visibility'][] = ['ORGANISERS', 'COLLEAGUES'];

interface Props {
  token: string;
  invitation: FragmentOf<typeof invitationFragment>;
  onAnswer: () => void;
}

// Answer says what somebody was registered for and takes what they say to it.
// Each choice shows only what it needs: whoever is not meant is asked nothing.
//
// It keeps no draft: what is written here may be about somebody's health, and no
// session can end meanwhile, for the link is the right.
export function Answer({ token, invitation: given, onAnswer }: Props) {
  const { t } = useTexts();
  const invitation = readFragment(invitationFragment, given);
  const [kind, setKind] = useState<Kind>(invitation.answer ?? 'ACCEPT');
  const [said, setSaid] = useState<Kind | null>(null);
  const { run, busy, wrong } = useAction(answerMutation);
  const answer = async (values: Values) => {
    if ((await run({ token, answer: kind, ...details(kind, values) })) === null) return;
    setSaid(kind);
    if (kind !== 'NOT_ME') onAnswer(); // behind that answer the link shows nothing any more
  };
  return (
    <>
      {said !== null && <Done focus>{t(`accept.said.${said}`)}</Done>}
      <Facts invitation={invitation} />
      {said !== 'NOT_ME' && (
        <>
          <PrivacyNotice form="ANSWER" />
          <Form wrong={wrong} onSubmit={(values) => void answer(values)} label={t('accept.title')}>
            <Radios
              legend={t('accept.question')}
              name="answer"
              value={kind}
              options={kinds.map((one) => ({ value: one, label: t(`delegateAnswer.${one}`) }))}
              onChange={setKind}
            />
            {kind === 'CORRECT' && (
              <TextField label={t('accept.rightName')} name="name" autoComplete="name" maxLength={200} wrong={about('name', wrong)} />
            )}
            {kind !== 'NOT_ME' && <Wishes invitation={invitation} wrong={wrong} />}
            <Submit busy={busy}>{t('accept.send')}</Submit>
          </Form>
        </>
      )}
    </>
  );
}

function Facts({ invitation: { event, startsAt, organization, name, state, until } }: { invitation: Invitation }) {
  const { t, language } = useTexts();
  return (
    <>
      <p className="lead">{t('accept.intro', { organization })}</p>
      <dl className="facts">
        <dt>{t('events.title')}</dt>
        <dd>{event}</dd>
        <dt>{t('events.when')}</dt>
        <dd>{startsAt === null ? t('events.unknownDate') : formatMoment(startsAt, language)}</dd>
        <dt>{t('accept.name')}</dt>
        <dd>{name}</dd>
        <dt>{t('accept.state')}</dt>
        <dd>{t(`delegateState.${state}`)}</dd>
        <dt>{t('accept.until')}</dt>
        <dd>{formatShort(until, language)}</dd>
      </dl>
    </>
  );
}

// Wishes are what who comes may add: to whom their name is shown, and what they
// eat and need, of which they are told apart, for it is kept apart.
function Wishes({ invitation, wrong }: { invitation: Invitation; wrong: Parameters<typeof about>[1] }) {
  const { t } = useTexts();
  const [visibility, setVisibility] = useState(invitation.visibility);
  return (
    <>
      <Radios
        legend={t('accept.visibility')}
        name="visibility"
        value={visibility}
        options={visibilities.map((one) => ({ value: one, label: t(`delegateVisibility.${one}`) }))}
        onChange={setVisibility}
      />
      <PrivacyNotice form="NEEDS" />
      <TextArea
        label={t('forms.optional', { label: t('accept.diet') })}
        name="diet"
        maxLength={500}
        rows={2}
        defaultValue={invitation.diet}
        wrong={about('diet', wrong)}
      />
      <TextArea
        label={t('forms.optional', { label: t('accept.access') })}
        name="access"
        maxLength={500}
        rows={2}
        defaultValue={invitation.access}
        wrong={about('access', wrong)}
      />
    </>
  );
}

// details are what goes along with an answer; whoever is not meant adds nothing.
function details(kind: Kind, { text, optional }: Values) {
  if (kind === 'NOT_ME') return {};
  return {
    name: kind === 'CORRECT' ? optional('name') : null,
    visibility: visibilities.find((one) => one === text('visibility')) ?? null,
    diet: text('diet'),
    access: text('access'),
  };
}
