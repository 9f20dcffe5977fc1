import { formatClock } from '../format/when';
import { useTexts } from '../i18n';
import type { Note } from './door';
import type { Door } from './useDoor';

const most = 20;

// Noted is what this device noted, the newest first: what the hub does not have yet,
// what it refused, and whom another device saw too.
export function Noted({ door }: { door: Door }) {
  const { t } = useTexts();
  const newest = door.notes.toReversed().slice(0, most);
  const doubled = door.notes.filter((note) => note.doubled !== null);
  return (
    <section aria-labelledby="noted">
      <h2 id="noted">{t('door.noted')}</h2>
      <div role="status">
        {doubled.slice(-3).map((note) => (
          <Doubled key={note.sequence} note={note} door={door} />
        ))}
      </div>
      {newest.length === 0 && <p className="soft">{t('door.nothingNoted')}</p>}
      <ol className="plain-list door-notes">
        {newest.map((note) => (
          <Line key={note.sequence} note={note} door={door} />
        ))}
      </ol>
    </section>
  );
}

function useName(door: Door) {
  const { t } = useTexts();
  return ({ delegate, code }: Note) => door.entries.find(({ id }) => id === delegate)?.name ?? (code === null ? t('registrations.nameLater') : code);
}

function Doubled({ note, door }: { note: Note; door: Door }) {
  const { t, language } = useTexts();
  const name = useName(door)(note);
  if (note.doubled === null) return null;
  return (
    <p className="message">{t('door.doubled', { name, device: note.doubled.device, at: formatClock(note.doubled.at, language) })}</p>
  );
}

function Line({ note, door }: { note: Note; door: Door }) {
  const { t, language } = useTexts();
  const name = useName(door)(note);
  const { outcome, at, undo, reason } = note;
  const tone = outcome === null ? 'badge-thread' : outcome === 'REFUSED' ? 'badge-wrong' : 'badge-good';
  return (
    <li>
      <span className="times">{formatClock(at, language)}</span>{' '}
      <span className={`badge ${tone}`}>{outcome === null ? t('door.waits') : t(`door.outcome.${outcome}`)}</span> {name}
      {undo && outcome === null && <> · {t('door.undo')}</>}
      {reason !== null && <span className="small soft"> · {reason}</span>}
    </li>
  );
}
