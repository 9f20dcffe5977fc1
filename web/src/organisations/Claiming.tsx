import { useState } from 'react';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { WrongList } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';

export const claimingFragment = graphql(`
  fragment Claiming on Association {
    id
    claimState
    viewerCanClaim {
      allowed
    }
    viewerCanVerify {
      allowed
    }
  }
`);

const claimMutation = graphql(`
  mutation AssociationClaim($input: AssociationClaimInput!) {
    associationClaim(input: $input) {
      claim {
        id
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

const verifyMutation = graphql(`
  mutation AssociationVerify($input: AssociationVerifyInput!) {
    associationVerify(input: $input) {
      association {
        id
        claimState
      }
      errors {
        message
        code
        path
      }
    }
  }
`);

interface Props {
  association: FragmentOf<typeof claimingFragment>;
  onChange: () => void;
}

// Claiming says how far an entry was taken over and checked, and lets who may
// take the next step.
export function Claiming({ association: given, onChange }: Props) {
  const { t } = useTexts();
  const { id, claimState, viewerCanClaim, viewerCanVerify } = readFragment(claimingFragment, given);
  const claim = useAction(claimMutation);
  const verify = useAction(verifyMutation);
  const [done, setDone] = useState<'claimed' | 'verified' | null>(null);
  const finish = (answer: unknown, what: 'claimed' | 'verified') => {
    if (answer === null) return;
    setDone(what);
    onChange();
  };
  return (
    <section aria-label={t('claims.state')}>
      <p>
        {t('claims.state')}: <span className="badge">{t(`claimState.${claimState}`)}</span>
      </p>
      {done !== null && <Done focus>{t(`claims.${done}`)}</Done>}
      <WrongList wrong={[...claim.wrong, ...verify.wrong]} />
      <div className="actions">
        {viewerCanClaim.allowed && (
          <button type="button" aria-disabled={claim.busy} onClick={async () => finish(await claim.run({ id }), 'claimed')}>
            {t('claims.claim')}
          </button>
        )}
        {viewerCanVerify.allowed && claimState !== 'VERIFIED' && (
          <button type="button" aria-disabled={verify.busy} onClick={async () => finish(await verify.run({ id }), 'verified')}>
            {t('claims.verify')}
          </button>
        )}
      </div>
    </section>
  );
}
