import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { TextArea } from '../forms/Field';
import { Form, Submit } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { formatDate } from '../format/when';
import { useTexts } from '../i18n';

export const openClaimFragment = graphql(`
  fragment OpenClaim on Claim {
    id
    at
    name
    association {
      id
      name
    }
  }
`);

const decideMutation = graphql(`
  mutation ClaimDecide($input: ClaimDecideInput!) {
    claimDecide(input: $input) {
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

type Claim = ResultOf<typeof openClaimFragment>;

interface Props {
  claims: readonly FragmentOf<typeof openClaimFragment>[];
  onChange: () => void;
}

// OpenClaims wait for an officer of the town: who says that an association is
// theirs, to be believed or not.
export function OpenClaims({ claims: given, onChange }: Props) {
  const { t } = useTexts();
  const claims = readFragment(openClaimFragment, given);
  const [decided, setDecided] = useState(false);
  if (claims.length === 0 && !decided) return null;
  return (
    <section aria-labelledby="open-claims">
      <h2 id="open-claims">{t('claims.open')}</h2>
      {decided && <Done focus>{t('claims.decided')}</Done>}
      <ul className="plain-list">
        {claims.map((claim) => (
          <li key={claim.id} className="panel">
            <Decide
              claim={claim}
              onDecided={() => {
                setDecided(true);
                onChange();
              }}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}

// Decide takes a reason, which is needed to reject: the person is told it.
function Decide({ claim, onDecided }: { claim: Claim; onDecided: () => void }) {
  const { t, language } = useTexts();
  const draft = useDraft(`claim ${claim.id}`);
  const { run, busy, wrong } = useAction(decideMutation);
  const decide = async (accept: boolean, reason: string | null) => {
    if ((await run({ id: claim.id, accept, reason: accept ? null : reason })) === null) return;
    draft?.drop();
    onDecided();
  };
  const name = claim.name ?? t('claims.noName');
  const body = claim.association?.name ?? t('claims.gone');
  return (
    <>
      <p>{t('claims.of', { name, body, when: formatDate(claim.at, language) })}</p>
      <button type="button" className="button-main" aria-disabled={busy} onClick={() => void decide(true, null)}>
        {t('claims.accept', { name })}
      </button>
      <Form draft={draft} wrong={wrong} onSubmit={({ optional }) => void decide(false, optional('reason'))}>
        <TextArea label={t('claims.reason')} hint={t('claims.reasonHint')} name="reason" maxLength={500} wrong={about('reason', wrong)} />
        <Submit busy={busy}>{t('claims.reject', { name })}</Submit>
      </Form>
    </>
  );
}
