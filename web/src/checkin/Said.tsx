import { formatClock } from '../format/when';
import { useTexts } from '../i18n';
import type { Note, Verdict } from './door';
import type { Door, Shown } from './useDoor';

const tones: Record<Verdict | 'refused' | 'checking', string> = {
  in: 'good',
  already: 'thread',
  noSeat: 'wrong',
  replaced: 'wrong',
  cancelled: 'wrong',
  unknown: 'wrong',
  refused: 'wrong',
  checking: 'thread',
};

// Said is what the door says to whom was shown last: large, told aloud, and not by
// colour alone. What the hub answers takes the place of what the list said.
export function Said({ door }: { door: Door }) {
  const { t } = useTexts();
  const { shown, notes } = door;
  const note = shown === null ? undefined : notes.find(({ sequence }) => sequence === shown.sequence);
  const kind = shown === null ? null : kindOf(shown, note);
  return (
    <div role="status" aria-atomic="true" className={`door-said ${kind === null ? '' : `door-${tones[kind]}`}`}>
      {shown === null || kind === null ? <p>{t('door.nobodyYet')}</p> : <Words door={door} shown={shown} note={note} kind={kind} />}
    </div>
  );
}

function kindOf({ verdict, sequence }: Shown, note: Note | undefined): keyof typeof tones {
  switch (note?.outcome) {
    case 'ARRIVED':
      return 'in';
    case 'ALREADY':
      return 'already';
    case 'REFUSED':
      return 'refused';
    default:
      return sequence !== null && verdict !== 'in' && verdict !== 'already' ? 'checking' : verdict;
  }
}

interface Props {
  door: Door;
  shown: Shown;
  note: Note | undefined;
  kind: keyof typeof tones;
}

function Words({ door, shown, note, kind }: Props) {
  const { t, language } = useTexts();
  const entry = shown.entry ?? door.entries.find(({ id }) => id === note?.delegate) ?? null;
  const undone = note?.undo === true;
  const arrivedAt = note?.arrivedAt ?? entry?.arrivedAt ?? null;
  const elsewhere = kind === 'already' && arrivedAt !== null;
  return (
    <>
      <p className="door-verdict">
        <span aria-hidden="true">{undone ? '↩' : kind === 'in' ? '✓' : kind === 'checking' ? '…' : kind === 'already' ? '!' : '✕'}</span>{' '}
        {undone ? t('door.undone') : t(`door.verdict.${kind}`)}
      </p>
      {entry !== null && (
        <p>
          <strong>{entry.name ?? t('registrations.nameLater')}</strong>
          <br />
          {entry.organization} · {t(`delegateRole.${entry.role}`)}
          {entry.seatPool !== null && <> · {entry.seatPool}</>}
        </p>
      )}
      {elsewhere && <p>{t(note?.outcome === 'ALREADY' ? 'door.elsewhere' : 'door.before', { at: formatClock(arrivedAt, language) })}</p>}
      {note?.reason != null && <p>{note.reason}</p>}
      {shown.sequence === null && kind === 'unknown' && (
        <>
          <p>{t('door.stale')}</p>
          <p className="actions">
            <button type="button" onClick={door.insist}>
              {t('door.insist')}
            </button>
          </p>
        </>
      )}
      {note !== undefined && note.outcome === null && <p className="small">{t('door.notSent')}</p>}
    </>
  );
}
