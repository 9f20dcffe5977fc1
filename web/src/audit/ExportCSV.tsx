import { useEffect, useState } from 'react';
import { useClient, type CombinedError } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Done } from '../forms/Done';
import { useTexts } from '../i18n';
import type { Filter } from './AuditPage';

const exportQuery = graphql(`
  query AuditExport($id: ID!, $filter: AuditFilter) {
    auditExport(node: $id, filter: $filter)
  }
`);

interface Props {
  id: string;
  filter: Filter;
  name: string | null;
}

// ExportCSV gives the trail, as it is filtered, as a file for a spreadsheet. That
// it was taken along is noted in the trail itself.
export function ExportCSV({ id, filter, name }: Props) {
  const { t } = useTexts();
  const client = useClient();
  const [address, setAddress] = useState<string | null>(null);
  const [error, setError] = useState<CombinedError | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => void (address !== null && URL.revokeObjectURL(address)), [address]);
  useEffect(() => setAddress(null), [id, filter]); // another list, another file
  const prepare = async () => {
    if (busy) return;
    setBusy(true);
    const { data, error: failed } = await client.query(exportQuery, { id, filter }, { requestPolicy: 'network-only' }).toPromise();
    setBusy(false);
    setError(failed ?? null);
    // With a mark at the beginning spreadsheets read accents right.
    if (data !== undefined) setAddress(URL.createObjectURL(new Blob(['\ufeff', data.auditExport], { type: 'text/csv' })));
  };
  const file = `${slug(name ?? id)}.csv`;
  return (
    <section aria-labelledby="export">
      <h2 id="export">{t('audit.export')}</h2>
      <p>{t('audit.exportIntro')}</p>
      <button type="button" aria-disabled={busy} onClick={() => void prepare()}>
        {busy ? t('forms.busy') : t('audit.prepare')}
      </button>
      {error !== null && <Failed error={error} retry={() => void prepare()} />}
      {address !== null && (
        <Done focus>
          <p>
            <a href={address} download={file}>
              {file}
            </a>
          </p>
        </Done>
      )}
    </section>
  );
}

function slug(name: string): string {
  return name
    .normalize('NFD')
    .replace(/\p{M}/gu, '')
    .replace(/[^a-z0-9]+/gi, '-')
    .replace(/^-|-$/g, '')
    .toLowerCase();
}
