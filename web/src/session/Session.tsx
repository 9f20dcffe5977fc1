// Who is asking, for the whole client: found out at the start, again when the
// page is looked at again, and at once when the hub ends the session.
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, useSyncExternalStore, type ReactNode, type RefObject } from 'react';
import { Provider, useClient, useQuery } from 'urql';

import { signOut } from '../api/auth';
import { createClient, isNoLonger, isRefused } from '../api/client';
import type { Connection } from '../api/live';
import { forgetLinks } from '../app/useLinkToken';
import { forgetDoor, hasDoor, tidyDoor } from '../checkin/forget';
import { forgetDrafts } from '../forms/drafts';
import { useTexts } from '../i18n';
import { chosen, keep } from './choice';
import { announceLeaving, whenLeft } from './leaving';
import { holdLine, type Line } from './line';
import { next, viewerQuery, type Standing } from './standing';
import { why, type Deadline } from './time';
import { useTime } from './useTime';

export interface Session {
  standing: Standing;
  // The organisation acted for; null: nobody but oneself.
  actingFor: string | null;
  // actFor chooses another one among those the reader acts for.
  actFor: (organisation: string | null) => void;
  // renew asks again who this is, after signing in or when rights may have
  // changed. What was known is forgotten: it may have been another reader's.
  // What is written in forms stays.
  renew: () => void;
  // leave signs out and forgets what was written and not sent. It rejects when
  // the hub was not reached: then the session still holds.
  leave: () => Promise<void>;
  // left is for a session that the reader has ended in another way, such as by
  // erasing the account.
  left: () => void;
  // The end of the session that the reader is to be warned of; null while there
  // is time. stay puts it off, dismiss closes a warning that nothing can put off.
  warning: Deadline | null;
  stay: () => void;
  dismiss: () => void;
  // How the connection stands by which things are followed.
  connection: Connection;
}

const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('useSession outside of SessionProvider');
  return session;
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const { language } = useTexts();
  const [actingFor, setActingFor] = useState(chosen);
  const [generation, setGeneration] = useState(0);
  const refused = useRef(() => {});
  // A new generation is a new client, though nothing else of it differs.
  const { client, connection } = useMemo(
    () => createClient({ language, actingFor }, () => refused.current()),
    [language, actingFor, generation],
  );
  const stands = useSyncExternalStore(connection.listen, connection.get);
  const renew = useCallback(() => setGeneration((n) => n + 1), []);
  const actFor = useCallback((organisation: string | null) => {
    keep(organisation);
    setActingFor(organisation);
  }, []);
  const reader = useMemo(() => ({ actingFor, actFor, renew, connection: stands }), [actingFor, actFor, renew, stands]);
  return (
    <Provider value={client}>
      <Asked reader={reader} refused={refused}>
        {children}
      </Asked>
    </Provider>
  );
}

interface AskedProps {
  reader: Pick<Session, 'actingFor' | 'actFor' | 'renew' | 'connection'>;
  refused: { current: () => void };
  children: ReactNode;
}

// Asked knows what the hub answers about who asks.
function Asked({ reader, refused, children }: AskedProps) {
  const { language } = useTexts();
  const { actingFor, actFor, renew } = reader;
  const [answer, ask] = useQuery({ query: viewerQuery });
  const before = useRef<Standing>({ kind: 'unknown' });
  const known = useRef<Deadline | null>(null);
  const standing = useMemo(() => next(before.current, answer, why(known.current, Date.now())), [answer]);
  const { error } = answer;
  const viewer = standing.kind === 'signedIn' ? standing.viewer : null;
  useEffect(() => {
    before.current = standing;
    // A refusal is news only while we believe to be signed in.
    refused.current = standing.kind === 'signedIn' ? renew : () => {};
  }, [standing, renew, refused]);
  useEffect(() => {
    if (actingFor !== null && error !== undefined && (isNoLonger(error) || isRefused(error))) actFor(null);
  }, [error, actingFor, actFor]);
  const stay = useCallback(() => ask({ requestPolicy: 'network-only' }), [ask]);
  const line = useLine(viewer !== null, renew);
  const { warning, dismiss } = useTime({ told: viewer?.sessionTime ?? null, known, line, use: stay, over: renew });
  useWhenLookedAt(stay);
  // What somebody else had written here is none of the reader's business.
  useEffect(() => {
    if (viewer !== null) forgetDrafts(viewer.person.id);
  }, [viewer]);

  const { kind } = standing;
  const gone = kind === 'anonymous' && standing.ended === null;
  useEffect(() => {
    if (kind === 'signedIn' || gone) tidyDoor(gone);
  }, [kind, gone]);

  const left = useCallback(() => {
    before.current = { kind: 'anonymous', ended: null }; // by the reader's own wish
    forgetDrafts();
    forgetLinks();
    forgetDoor();
    actFor(null);
    renew();
  }, [actFor, renew]);
  useEffect(() => whenLeft(left), [left]);
  const client = useClient();
  const leave = useCallback(async () => {
    // What was noted at a door goes to the hub before it goes from here.
    if (hasDoor()) await (await import('../checkin/send')).sendAll(client);
    await signOut(language);
    announceLeaving();
    left();
  }, [client, language, left]);
  const session = useMemo(
    () => ({ ...reader, standing, leave, left, warning, stay, dismiss }),
    [reader, standing, leave, left, warning, stay, dismiss],
  );
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

// useLine holds the line while somebody is signed in, and again after each renewal.
function useLine(signedIn: boolean, renew: () => void): RefObject<Line | null> {
  const client = useClient();
  const line = useRef<Line | null>(null);
  useEffect(() => {
    if (!signedIn) return;
    const held = holdLine(renew);
    line.current = held;
    return () => {
      line.current = null;
      held.close();
    };
  }, [signedIn, client, renew]);
  return line;
}

// useWhenLookedAt calls back when the window is looked at again after a while.
function useWhenLookedAt(callback: () => void): void {
  useEffect(() => {
    const look = () => {
      if (document.visibilityState === 'visible') callback();
    };
    document.addEventListener('visibilitychange', look);
    return () => document.removeEventListener('visibilitychange', look);
  }, [callback]);
}
