import { providerAddress } from '../api/auth';
import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
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
  if (name === null && identities.length === 0) return null;
  return (
    <section aria-labelledby="identities">
      <h2 id="identities">{t('access.identities')}</h2>
      <p>{t('access.identitiesIntro')}</p>
      <ul className="plain-list">
        {identities.map(({ issuer, linkedAt }) => (
          <li key={issuer}>
            {t('access.identity', { issuer, when: formatShort(linkedAt, language) })}{' '}
            <Unlink issuer={issuer} onUnlinked={onChange} />
          </li>
        ))}
      </ul>
      {name !== null && identities.length === 0 && (
        <a className="button" href={providerAddress('/me/access')}>
          {t('access.link', { name })}
        </a>
      )}
    </section>
  );
}

function Unlink({ issuer, onUnlinked }: { issuer: string; onUnlinked: () => void }) {
  const { t } = useTexts();
  const acting = useAction(unlinkMutation);
  return (
    <AskFirst
      label={t('access.unlink')}
      title={t('access.unlinkOf', { issuer })}
      action={t('access.unlink')}
      acting={acting}
      run={() => acting.run({ issuer })}
      onDone={onUnlinked}
    >
      <p>{t('access.unlinkSure')}</p>
    </AskFirst>
  );
}
