import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { formatDate } from '../format/when';
import { useTexts } from '../i18n';

export const myClaimFragment = graphql(`
  fragment MyClaim on Claim {
    id
    at
    state
    reason
    association {
      id
      name
    }
  }
`);

// MyClaims says what became of the associations that the reader said are theirs.
export function MyClaims({ claims: given }: { claims: readonly FragmentOf<typeof myClaimFragment>[] }) {
  const { t, language } = useTexts();
  const claims = readFragment(myClaimFragment, given);
  if (claims.length === 0) return null;
  return (
    <section aria-labelledby="my-claims">
      <h2 id="my-claims">{t('claims.mine')}</h2>
      <ul>
        {claims.map(({ id, at, state, reason, association }) => (
          <li key={id}>
            {association?.name ?? t('claims.gone')} · {formatDate(at, language)} · {t(`claimDecision.${state}`)}
            {reason !== null && <>: {reason}</>}
          </li>
        ))}
      </ul>
    </section>
  );
}
