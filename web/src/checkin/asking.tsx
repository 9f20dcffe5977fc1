import { useState } from 'react';

import { formatClock } from '../format/when';
import { TextField } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useTexts } from '../i18n';
import { judge, search, type Expected } from './door';
import type { Door } from './useDoor';

// How many are listed at once.
const most = 30;

// ByCode takes a code that is typed, or read by a reader that types.
export function ByCode({ door }: { door: Door }) {
  const { t } = useTexts();
  const [round, setRound] = useState(0);
  return (
    <Form
      label={t('door.byCode')}
      onSubmit={({ text }) => {
        door.showCode(text('code'));
        setRound(round + 1);
      }}
    >
      <div className="row">
        <TextField key={round} autoFocus={round > 0} label={t('door.code')} name="code" autoComplete="off" autoCapitalize="characters" spellCheck={false} />
        <Submit busy={false}>{t('door.check')}</Submit>
      </div>
    </Form>
  );
}

// ByName finds who has no code at hand.
export function ByName({ door }: { door: Door }) {
  const { t, language } = useTexts();
  const [text, setText] = useState('');
  const found = search(door.entries, text);
  return (
    <section aria-labelledby="by-name">
      <h2 id="by-name">{t('door.byName')}</h2>
      <TextField label={t('door.name')} type="search" value={text} autoComplete="off" onChange={({ target }) => setText(target.value)} />
      <p role="status" className="small">
        {text.trim() !== '' && t('door.found', { number: found.length })}
      </p>
      <ul className="plain-list attendance">
        {found.slice(0, most).map((entry) => (
          <li key={entry.id}>
            <span>
              {entry.name ?? t('registrations.nameLater')}
              <br />
              <span className="small soft">
                {entry.organization} · {t(entry.state === 'ATTENDED' ? 'door.letIn' : `delegateState.${entry.state}`)}
                {entry.arrivedAt !== null && <> · {formatClock(entry.arrivedAt, language)}</>}
              </span>
            </span>
            <Let entry={entry} door={door} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Let({ entry, door }: { entry: Expected; door: Door }) {
  const { t } = useTexts();
  const name = entry.name ?? t('registrations.nameLater');
  switch (judge(entry)) {
    case 'in':
      return (
        <button type="button" className="button-main" aria-label={t('door.letInWho', { name })} onClick={() => door.arrive(entry)}>
          {t('door.letIn')}
        </button>
      );
    case 'already':
      return (
        <button type="button" aria-label={t('door.undoWho', { name })} onClick={() => door.undo(entry)}>
          {t('door.undo')}
        </button>
      );
    default:
      return <span className="badge badge-thread">{t('door.verdict.noSeat')}</span>;
  }
}
