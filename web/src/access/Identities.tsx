import { useState } from 'react';

import { providerAddress } from '../api/auth';
import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
import { useAction } from '../forms/useAction';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { useProvider } from '../signin/useProvider';

export const identityFragment = graphql(`
  fragment IdentityRow on LinkedIdentity {
    issuer
    linkedAt
  }
`);

const unlinkMutation = graphql(`
  mutation LinkedIdentityRemove($input: LinkedIdentityRemoveInput!) {
    linkedIdentityRemove(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  identities: readonly FragmentOf<typeof identityFragment>[];
  onChange: () => void;
}

// Identities are accounts elsewhere with which one can sign in too. Nothing is
// shown where the hub knows no provider and the person has none.
export function Identities({ identities: given, onChange }: Props) {
  const { t, language } = useTexts();
  const identities = readFragment(identityFragment, given);
  const name = useProvider();
  const [leaving, setLeaving] = useState<string | null>(null);
  if (name === null && identities.length === 0) return null;
  return (
    <section aria-labelledby="identities">
      <h2 id="identities">{t('access.identities')}</h2>
      <p>{t('access.identitiesIntro')}</p>
      <ul className="plain-list">
        {identities.map(({ issuer, linkedAt }) => (
          <li key={issuer}>
            {t('access.identity', { issuer, when: formatShort(linkedAt, language) })}{' '}
            <button type="button" aria-label={t('access.unlinkOf', { issuer })} onClick={() => setLeaving(issuer)}>
              {t('access.unlink')}
            </button>
          </li>
        ))}
      </ul>
      {name !== null && identities.length === 0 && (
        <a className="button" href={providerAddress('/me/access')}>
          {t('access.link', { name })}
        </a>
      )}
      {leaving !== null && (
        <Unlink
          issuer={leaving}
          onLeave={(changed) => {
            setLeaving(null);
            if (changed) onChange();
          }}
        />
      )}
    </section>
  );
}

function Unlink({ issuer, onLeave }: { issuer: string; onLeave: (changed: boolean) => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(unlinkMutation);
  const confirm = async () => {
    if ((await run({ issuer })) !== null) onLeave(true);
  };
  return (
    <Confirm
      title={t('access.unlinkOf', { issuer })}
      action={t('access.unlink')}
      busy={busy}
      wrong={wrong}
      onConfirm={() => void confirm()}
      onCancel={() => onLeave(false)}
    >
      <p>{t('access.unlinkSure')}</p>
    </Confirm>
  );
}
