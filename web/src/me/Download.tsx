import { useEffect, useState } from 'react';
import { useClient, type CombinedError } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Done } from '../forms/Done';
import { useTexts } from '../i18n';
import { zip } from './zip';

const exportQuery = graphql(`
  query MyDataExport {
    viewer {
      dataExport {
        at
        json
        files {
          name
          text
        }
      }
    }
  }
`);

interface File {
  name: string;
  address: string; // of the content, in this browser's memory
}

// Download gives all that the hub has about the reader: one JSON document, and
// the same as tables in an archive. It is asked for when the button is pressed and kept no
// longer than the page.
export function Download() {
  const { t } = useTexts();
  const { files, error, busy, prepare } = useExport();
  return (
    <section aria-labelledby="download">
      <h2 id="download">{t('me.download')}</h2>
      <p>{t('me.downloadIntro')}</p>
      <button type="button" aria-disabled={busy} onClick={() => void prepare()}>
        {busy ? t('forms.busy') : t('me.prepare')}
      </button>
      {error !== null && <Failed error={error} retry={() => void prepare()} />}
      {files.length > 0 && (
        <Done focus>
          <p>{t('me.ready')}</p>
          <ul>
            {files.map(({ name, address }) => (
              <li key={name}>
                <a href={address} download={name}>
                  {name}
                </a>
              </li>
            ))}
          </ul>
        </Done>
      )}
    </section>
  );
}

function useExport() {
  const client = useClient();
  const [files, setFiles] = useState<File[]>([]);
  const [error, setError] = useState<CombinedError | null>(null);
  const [busy, setBusy] = useState(false);
  useEffect(() => () => files.forEach(({ address }) => URL.revokeObjectURL(address)), [files]);

  const prepare = async () => {
    if (busy) return;
    setBusy(true);
    const { data, error: failed } = await client.query(exportQuery, {}, { requestPolicy: 'network-only' }).toPromise();
    setBusy(false);
    setError(failed ?? null);
    const all = data?.viewer?.dataExport;
    if (all === undefined) return;
    setFiles([
      file('teixit.json', new Blob([all.json], { type: 'application/json' })),
      file('teixit-csv.zip', zip(all.files)),
    ]);
  };
  return { files, error, busy, prepare };
}

function file(name: string, content: Blob): File {
  return { name, address: URL.createObjectURL(content) };
}
