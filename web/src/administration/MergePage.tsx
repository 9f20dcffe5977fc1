import { useState } from 'react';
import { Link } from 'react-router';

import { graphql } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
import { Done } from '../forms/Done';
import type { Wrong } from '../forms/errors';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { Picker, type Found } from './Picker';
import { Room } from './Room';

const mergeMutation = graphql(`
  mutation OrganizationMerge($input: OrganizationMergeInput!) {
    organizationMerge(input: $input) {
      organization {
        id
        name
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

export function Component() {
  const { t } = useTexts();
  return (
    <Room title={t('administration.merge')}>
      <Merge />
    </Room>
  );
}

// Merge makes two entries of one body one, which cannot be undone: both are
// named before.
function Merge() {
  const { t } = useTexts();
  const [from, setFrom] = useState<Found | null>(null);
  const [into, setInto] = useState<Found | null>(null);
  const [sure, setSure] = useState(false);
  const [missing, setMissing] = useState<readonly Wrong[]>([]);
  const [merged, setMerged] = useState<Found | null>(null);
  const { run, busy, wrong, clear } = useAction(mergeMutation);
  const merge = async () => {
    if (from === null || into === null || (await run({ from: from.id, into: into.id })) === null) return;
    setSure(false);
    setMerged(into);
    setFrom(null);
    setInto(null);
  };
  return (
    <>
      <p className="lead">{t('administration.mergeIntro')}</p>
      {merged !== null && (
        <Done focus key={merged.id}>
          <p>
            {t('administration.merged')} <Link to={`/organisations/${merged.id}`}>{merged.name}</Link>
          </p>
        </Done>
      )}
      <WrongList wrong={missing} />
      <Picker label={t('administration.from')} chosen={from} onChoose={setFrom} />
      <Picker label={t('administration.into')} chosen={into} onChoose={setInto} />
      <div className="actions">
        <button
          type="button"
          className="button-danger"
          onClick={() => {
            clear();
            setMissing(from === null || into === null ? [{ message: t('administration.chooseBoth'), code: 'CHOOSE_BOTH', path: [] }] : []);
            setSure(from !== null && into !== null);
          }}
        >
          {t('administration.mergeNow')}
        </button>
      </div>
      {sure && from !== null && into !== null && (
        <Confirm
          title={t('administration.mergeOf', { from: from.name, into: into.name })}
          action={t('administration.mergeNow')}
          busy={busy}
          wrong={wrong}
          onConfirm={() => void merge()}
          onCancel={() => setSure(false)}
        >
          <p>{t('administration.mergeSure')}</p>
        </Confirm>
      )}
    </>
  );
}
