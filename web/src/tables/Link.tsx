import { useState, type ReactNode } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { Form, Submit } from '../forms/Form';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { formatMoment } from '../format/when';
import { useTexts } from '../i18n';
import { answerOf, answers, begin, dateAnswers, isPoll, type Chosen } from './answers';

export const linkFragment = graphql(`
  fragment TableLink on TableLink {
    table
    session
    organization
    startsAt
    place
    onlineUrl
    agenda
    answer
    dates {
      id
      startsAt
      answer
    }
    until
    viewerCanAnswer {
      allowed
      reason
    }
  }
`);

const answerMutation = graphql(`
  mutation TableLinkAnswer($input: TableLinkAnswerInput!) {
    tableLinkAnswer(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Asked = ResultOf<typeof linkFragment>;

interface Props {
  token: string;
  link: FragmentOf<typeof linkFragment>;
  onAnswer: () => void;
}

// Link says what a table asks, what was answered, and takes another answer for
// as long as there is something to answer. It asks for nothing personal: an
// organisation answers.
export function Link({ token, link: given, onAnswer }: Props) {
  const { t } = useTexts();
  const link = readFragment(linkFragment, given);
  const { viewerCanAnswer } = link;
  return (
    <>
      <Facts link={link} />
      {viewerCanAnswer.allowed ? (
        <Answer token={token} link={link} onAnswer={onAnswer} />
      ) : (
        <p role="alert" className="message">
          {viewerCanAnswer.reason ?? t('tableAnswer.useless')}
        </p>
      )}
    </>
  );
}

function Facts({ link }: { link: Asked }) {
  const { t, language } = useTexts();
  const { table, session, organization, startsAt, place, onlineUrl, until } = link;
  const poll = isPoll(link);
  return (
    <>
      <p className="lead">{t(poll ? 'tableAnswer.introPoll' : 'tableAnswer.introCall', { table, organization })}</p>
      <dl className="facts">
        <dt>{t('tableAnswer.session')}</dt>
        <dd>{session}</dd>
        {!poll && startsAt !== null && <Fact name={t('events.when')}>{formatMoment(startsAt, language)}</Fact>}
        {place !== '' && <Fact name={t('events.where')}>{place}</Fact>}
        {onlineUrl !== '' && (
          <Fact name={t('events.online')}>
            <a href={onlineUrl}>{onlineUrl}</a>
          </Fact>
        )}
        <Agenda points={link.agenda} />
        {!poll && <Fact name={t('tableAnswer.answered')}>{link.answer === null ? t('tableAnswer.nothing') : t(`callAnswer.${link.answer}`)}</Fact>}
        <Fact name={t('tableAnswer.until')}>{formatMoment(until, language)}</Fact>
      </dl>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Agenda({ points }: { points: readonly string[] }) {
  const { t } = useTexts();
  if (points.length === 0) return null;
  return (
    <Fact name={t('tableAnswer.agenda')}>
      <ol>
        {points.map((point, at) => (
          <li key={at}>{point}</li>
        ))}
      </ol>
    </Fact>
  );
}

// Answer keeps no draft: the link is the right, so that no session can end
// meanwhile. What was answered before stands there to be changed.
function Answer({ token, link, onAnswer }: { token: string; link: Asked; onAnswer: () => void }) {
  const { t } = useTexts();
  const [chosen, choose] = useState(() => begin(link));
  const [said, setSaid] = useState(0);
  const { run, busy, wrong } = useAction(answerMutation);
  const send = async () => {
    if ((await run({ token, ...answerOf(link, chosen) })) === null) return;
    setSaid((times) => times + 1);
    onAnswer();
  };
  const answered = link.answer !== null || link.dates.some(({ answer }) => answer !== null);
  return (
    <>
      {said > 0 && (
        <Done key={said} focus>
          {t('tableAnswer.said')}
        </Done>
      )}
      <Form wrong={wrong} onSubmit={() => void send()} label={t('tableAnswer.title')}>
        {isPoll(link) ? <Dates link={link} chosen={chosen} choose={choose} /> : <Call chosen={chosen} choose={choose} />}
        <Submit busy={busy}>{t(answered ? 'tableAnswer.change' : 'accept.send')}</Submit>
      </Form>
    </>
  );
}

interface Choice {
  chosen: Chosen;
  choose: (chosen: Chosen) => void;
}

function Call({ chosen, choose }: Choice) {
  const { t } = useTexts();
  return (
    <Radios
      legend={t('tableAnswer.question')}
      name="answer"
      value={chosen.call}
      options={answers.map((value) => ({ value, label: t(`callAnswer.${value}`) }))}
      onChange={(call) => choose({ ...chosen, call })}
    />
  );
}

function Dates({ link, chosen, choose }: Choice & { link: Asked }) {
  const { t, language } = useTexts();
  return (
    <>
      <h2>{t('tableAnswer.dates')}</h2>
      {link.dates.map(({ id, startsAt }) => (
        <Radios
          key={id}
          legend={formatMoment(startsAt, language)}
          name={id}
          value={chosen.dates[id] ?? null}
          options={dateAnswers.map((value) => ({ value, label: t(`dateAnswer.${value}`) }))}
          onChange={(answer) => choose({ ...chosen, dates: { ...chosen.dates, [id]: answer } })}
        />
      ))}
    </>
  );
}
