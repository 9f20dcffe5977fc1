import { useState } from 'react';
import { Link } from 'react-router';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Facts } from '../design/Facts';
import { Done } from '../forms/Done';
import { formatMoment, formatNumber, formatShort } from '../format/when';
import { useTexts } from '../i18n';
import type { ca } from '../i18n/ca';
import { AcceptOffer, Adopt, CancelAll, ChoosePolicy, ConfirmLink, MailsComeBack } from './changes';
import { Places } from './Places';

export const linkedFragment = graphql(`
  fragment RegistrationLinked on RegistrationLink {
    event
    eventId
    startsAt
    organization
    words
    state
    policy
    confirmBy
    offeredUntil
    place
    waiting
    mail
    name
    delegates {
      id
      name
      mail
      role
      state
      checkInCode
      answer
    }
    mailArrives
    adopted
    until
  }
`);

export type LinkedRegistration = ResultOf<typeof linkedFragment>;
type Said = keyof typeof ca.registrationLink.said;

// What a change needs: the link, and what to do once it is made.
export interface Changing {
  token: string;
  registration: LinkedRegistration;
  done: (said: Said) => void;
}

const over: readonly LinkedRegistration['state'][] = ['CANCELLED', 'REJECTED', 'SET_ASIDE'];

interface Props {
  token: string;
  registration: FragmentOf<typeof linkedFragment>;
  onChange: () => void;
}

// Linked is a registration as who has its link sees it, with all that can be
// changed by it. It keeps no draft: the link is the right, and no session can end.
export function Linked({ token, registration: given, onChange }: Props) {
  const { t } = useTexts();
  const registration = readFragment(linkedFragment, given);
  const [said, setSaid] = useState<{ what: Said; times: number } | null>(null);
  const done = (what: Said) => {
    setSaid((before) => ({ what, times: (before?.times ?? 0) + 1 }));
    onChange();
  };
  const changing = { token, registration, done };
  return (
    <>
      {said !== null && (
        <Done key={said.times} focus>
          {t(`registrationLink.said.${said.what}`)}
        </Done>
      )}
      <p className="lead">{t('registrationLink.intro', { organization: registration.organization })}</p>
      <Standing registration={registration} />
      {!over.includes(registration.state) && (
        <>
          {!registration.mailArrives && <MailsComeBack {...changing} />}
          {registration.confirmBy !== null && <ConfirmLink {...changing} until={registration.confirmBy} />}
          {registration.offeredUntil !== null && <AcceptOffer {...changing} until={registration.offeredUntil} />}
        </>
      )}
      <Places {...changing} open={!over.includes(registration.state)} />
      {!over.includes(registration.state) && (
        <>
          {registration.delegates.length > 1 && <ChoosePolicy {...changing} />}
          <Adopt {...changing} />
          <CancelAll {...changing} />
        </>
      )}
    </>
  );
}

// How it stands is the hub's own sentence, told aloud when it changes.
function Standing({ registration }: { registration: LinkedRegistration }) {
  const { t, language } = useTexts();
  const { event, eventId, startsAt, words, place, mail, name, until } = registration;
  return (
    <>
      <p role="status" className="standing">
        {words}
      </p>
      <Facts
        facts={[
          { name: t('events.title'), value: <Link to={`/events/${eventId}`}>{event}</Link> },
          { name: t('events.when'), value: startsAt === null ? t('events.unknownDate') : formatMoment(startsAt, language) },
          { name: t('registrationLink.place'), value: place !== null && formatNumber(place, language) },
          { name: t('registrationLink.askedBy'), value: name === '' ? mail : `${name} (${mail})` },
          { name: t('registrationLink.until'), value: formatShort(until, language) },
        ]}
      />
    </>
  );
}
