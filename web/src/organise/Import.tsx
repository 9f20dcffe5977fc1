import { useEffect, useId, useRef, useState } from 'react';

import { Refusal } from '../api/auth';
import { reasonOf } from '../api/client';
import { formatMoment, formatNumber } from '../format/when';
import { Keys } from '../forms/keys';
import { Radios } from '../forms/Radios';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { finished, sendList, useFollowing, useLists, type List } from './imports';

type Way = 'whole' | 'partial';

// Import takes in a list of participants: tried out first, then for good. One that is
// on its way is followed, whoever sent it and from wherever; below are the last ones.
export function Import({ event, again }: { event: string; again: () => void }) {
  const { t, language } = useTexts();
  const [file, setFile] = useState<File | null>(null);
  const [way, setWay] = useState<Way>('whole');
  const [wrong, setWrong] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const keys = useRef(new Keys());
  const { lists, error, again: readLists } = useLists(event);
  const running = lists.find((list) => !finished(list));
  const [own, setOwn] = useState<string | null>(null); // what was made of the file that is chosen
  const [met, setMet] = useState<string | null>(null); // what was on its way already
  useEffect(() => {
    if (running !== undefined) setMet(running.id);
  }, [running]);
  const now = lists.find(({ id }) => id === (own ?? met)) ?? null;
  const read = own === null || now !== null || error !== undefined; // what was sent is in the lists
  const busy = sending || running !== undefined || !read;
  const changed = () => {
    setOwn(null);
    setMet(running?.id ?? null);
  };

  const send = async (dry: boolean) => {
    if (file === null || busy) return;
    setSending(true);
    setWrong(null);
    changed();
    try {
      const key = keys.current.of({ name: file.name, size: file.size, changed: file.lastModified, dry, way });
      setOwn(await sendList(event, file, { dry, partial: way === 'partial', key }, language));
      readLists();
      keys.current.spend();
    } catch (failure) {
      setWrong(failure instanceof Refusal && failure.message !== '' ? failure.message : t('failed'));
    } finally {
      setSending(false);
    }
  };
  const tried = now !== null && now.id === own && finished(now) && now.dryRun && now.state === 'DONE' && now.participants > 0;
  const input = useId();
  return (
    <form
      aria-label={t('organise.import')}
      onSubmit={(submitted) => {
        submitted.preventDefault();
        void send(!tried);
      }}
    >
      <p className="hint" id={`${input}-hint`}>
        {t('organise.importHint')}
      </p>
      <div className="field">
        <label htmlFor={input}>{t('organise.importFile')}</label>
        <input
          id={input}
          type="file"
          accept=".csv,.xlsx,text/csv"
          aria-describedby={`${input}-hint`}
          onChange={({ target }) => {
            setFile(target.files?.[0] ?? null);
            changed();
          }}
        />
      </div>
      <Radios
        legend={t('organise.importWay')}
        name="way"
        value={way}
        options={(['whole', 'partial'] as const).map((value) => ({ value, label: t(`organise.importWays.${value}`) }))}
        onChange={(chosen) => {
          setWay(chosen);
          changed();
        }}
      />
      <Wrong reason={wrong ?? (error === undefined ? null : reasonOf(error) || t('failed'))} />
      {lists.filter((list) => !finished(list)).map(({ id }) => (
        <Following key={id} id={id} done={(list) => !list.dryRun && again()} />
      ))}
      {now !== null && <Standing now={now} />}
      <div className="actions">
        <button type="submit" className="button-main" aria-disabled={busy || file === null}>
          {tried ? t('organise.importNow', { number: formatNumber(now.participants, language) }) : t('organise.importTry')}
        </button>
      </div>
      <Earlier lists={lists.filter((list) => finished(list) && list.id !== now?.id)} />
    </form>
  );
}

function Wrong({ reason }: { reason: string | null }) {
  if (reason === null) return null;
  return (
    <p role="alert" className="message message-wrong">
      {reason}
    </p>
  );
}

// Following keeps one list up to date, and says when it cannot.
function Following({ id, done }: { id: string; done: (list: List) => void }) {
  const { t } = useTexts();
  const error = useFollowing(id, done);
  return <Wrong reason={error === undefined ? null : reasonOf(error) || t('failed')} />;
}

// Earlier are the last lists that are finished, with what became of them.
function Earlier({ lists }: { lists: readonly List[] }) {
  const { t, language } = useTexts();
  const title = useId();
  if (lists.length === 0) return null;
  return (
    <section aria-labelledby={title}>
      <h3 id={title}>{t('organise.importEarlier')}</h3>
      <ul className="plain-list">
        {lists.map((list) => (
          <li key={list.id}>
            {formatMoment(list.createdAt, language)}: <Outcome of={list} />
            {list.refusal !== null && ` ${list.refusal.message}`}
            {list.problemCount > 0 && (
              <details>
                <summary>{t('organise.importProblems', { number: formatNumber(list.problemCount, language) })}</summary>
                <Problems of={list} />
              </details>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

// Outcome is what became of a list, in words.
function Outcome({ of: { state, dryRun, participants, total } }: { of: List }) {
  const { t, language } = useTexts();
  const words = { number: formatNumber(participants, language), total: formatNumber(total, language) };
  return <>{t(state === 'REFUSED' ? 'organise.importRefused' : dryRun ? 'organise.importWould' : 'organise.importDone', words)}</>;
}

// Standing is how far it has got, and in the end what became of it.
function Standing({ now }: { now: List }) {
  const { t, language } = useTexts();
  if (!finished(now)) {
    const checking = now.state === 'CHECKING';
    const words = t(checking ? 'organise.importChecking' : 'organise.importRegistering', {
      number: formatNumber(checking ? now.checked : now.participants, language),
      total: formatNumber(now.total, language),
    });
    return (
      <p>
        <progress className="meter" aria-label={t('organise.importProgress')} aria-valuetext={words} value={now.checked + now.participants} max={Math.max(2 * now.total, 1)} />
        <span>{words}</span>
      </p>
    );
  }
  return (
    <div role="status" className={now.state === 'DONE' ? 'message' : 'message message-wrong'}>
      <p>
        <Outcome of={now} />
      </p>
      {now.refusal !== null && <p>{now.refusal.message}</p>}
      {now.problemCount > 0 && (
        <>
          <p>{t('organise.importProblems', { number: formatNumber(now.problemCount, language) })}</p>
          <Problems of={now} />
        </>
      )}
    </div>
  );
}

function Problems({ of: { problems } }: { of: List }) {
  const { t } = useTexts();
  return (
    <>
      <Table label={t('organise.importWrong')} columns={[t('organise.importLine'), t('organise.importColumn'), t('organise.importWhat')]}>
        {problems.nodes.map(({ line, column, code, message }) => (
          <tr key={`${line} ${column} ${code}`}>
            <td>{line}</td>
            <td>{t(`organise.importColumns.${column}`)}</td>
            <td>{message}</td>
          </tr>
        ))}
      </Table>
      {problems.pageInfo.hasNextPage && <p>{t('organise.importMore')}</p>}
    </>
  );
}
