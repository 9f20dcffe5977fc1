import { useEffect, useId, useRef, useState } from 'react';

import { Refusal } from '../api/auth';
import { formatNumber } from '../format/when';
import { Keys } from '../forms/keys';
import { Radios } from '../forms/Radios';
import { Table } from '../forms/Table';
import { useTexts } from '../i18n';
import { finished, follow, sendList, type Progress } from './imports';

type Way = 'whole' | 'partial';

// Import takes in a list of participants: tried out first, then for good.
export function Import({ event, again }: { event: string; again: () => void }) {
  const { t, language } = useTexts();
  const [file, setFile] = useState<File | null>(null);
  const [way, setWay] = useState<Way>('whole');
  const [now, setNow] = useState<Progress | null>(null);
  const [wrong, setWrong] = useState<string | null>(null);
  const [sending, setSending] = useState(false);
  const keys = useRef(new Keys());
  const busy = sending || (now !== null && !finished(now));
  useFollowing(event, now, setNow, () => setWrong(t('failed')), again);

  const send = async (dry: boolean) => {
    if (file === null || busy) return;
    setSending(true);
    setWrong(null);
    setNow(null);
    try {
      const key = keys.current.of({ name: file.name, size: file.size, changed: file.lastModified, dry, way });
      setNow(await sendList(event, file, { dry, partial: way === 'partial', key }, language));
      keys.current.spend();
    } catch (failure) {
      setWrong(failure instanceof Refusal && failure.message !== '' ? failure.message : t('failed'));
    } finally {
      setSending(false);
    }
  };
  const tried = now !== null && finished(now) && now.dryRun && now.state === 'DONE' && now.participants > 0;
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
            setNow(null);
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
          setNow(null);
        }}
      />
      {wrong !== null && (
        <p role="alert" className="message message-wrong">
          {wrong}
        </p>
      )}
      {now !== null && <Standing now={now} />}
      <div className="actions">
        <button type="submit" className="button-main" aria-disabled={busy || file === null}>
          {tried ? t('organise.importNow', { number: formatNumber(now.participants, language) }) : t('organise.importTry')}
        </button>
      </div>
    </form>
  );
}

// useFollowing follows a list until it is finished, and then has the page read anew.
function useFollowing(event: string, now: Progress | null, step: (now: Progress) => void, lost: () => void, again: () => void) {
  const id = now !== null && !finished(now) ? now.id : null;
  const told = useRef({ step, lost, again });
  told.current = { step, lost, again };
  useEffect(() => {
    if (id === null) return undefined;
    return follow(
      event,
      id,
      (next) => {
        told.current.step(next);
        if (finished(next) && !next.dryRun) told.current.again();
      },
      () => told.current.lost(),
    );
  }, [event, id]);
}

// Standing is how far it has got, and in the end what became of it.
function Standing({ now }: { now: Progress }) {
  const { t, language } = useTexts();
  const total = formatNumber(now.total, language);
  if (!finished(now)) {
    const checking = now.state === 'CHECKING';
    const words = t(checking ? 'organise.importChecking' : 'organise.importRegistering', {
      number: formatNumber(checking ? now.checked : now.participants, language),
      total,
    });
    return (
      <p>
        <progress className="meter" aria-label={t('organise.importProgress')} aria-valuetext={words} value={now.checked + now.participants} max={Math.max(2 * now.total, 1)} />
        <span>{words}</span>
      </p>
    );
  }
  const words = { number: formatNumber(now.participants, language), total };
  return (
    <div role="status" className={now.state === 'DONE' ? 'message' : 'message message-wrong'}>
      <p>{t(now.state === 'REFUSED' ? 'organise.importRefused' : now.dryRun ? 'organise.importWould' : 'organise.importDone', words)}</p>
      {now.error !== null && <p>{now.error.message}</p>}
      {now.problems.length > 0 && <Problems now={now} />}
    </div>
  );
}

function Problems({ now }: { now: Progress }) {
  const { t, language } = useTexts();
  return (
    <>
      <p>{t('organise.importProblems', { number: formatNumber(now.problemCount, language) })}</p>
      <Table label={t('organise.importWrong')} columns={[t('organise.importLine'), t('organise.importColumn'), t('organise.importWhat')]}>
        {now.problems.map(({ line, column, code, message }) => (
          <tr key={`${line} ${column} ${code}`}>
            <td>{line}</td>
            <td>{t(`organise.importColumns.${column}`)}</td>
            <td>{message}</td>
          </tr>
        ))}
      </Table>
      {now.moreProblems && <p>{t('organise.importMore')}</p>}
    </>
  );
}
