import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
import { Done } from '../forms/Done';
import { Table } from '../forms/Table';
import { useAction } from '../forms/useAction';
import { formatDate, formatShort } from '../format/when';
import { useTexts } from '../i18n';
import { TokenForm, type Made } from './TokenForm';

export const tokenFragment = graphql(`
  fragment TokenRow on ApiToken {
    id
    name
    scopes
    expiresAt
    lastUsedAt
  }
`);

const revokeMutation = graphql(`
  mutation ApiTokenRevoke($input: ApiTokenRevokeInput!) {
    apiTokenRevoke(input: $input) {
      errors {
        message
        code
        path
      }
    }
  }
`);

type Token = ResultOf<typeof tokenFragment>;

interface Props {
  tokens: readonly FragmentOf<typeof tokenFragment>[];
  onChange: () => void;
}

// Tokens are keys for programs. A new one is shown once, and nowhere kept.
export function Tokens({ tokens: given, onChange }: Props) {
  const { t } = useTexts();
  const tokens = readFragment(tokenFragment, given);
  const [made, setMade] = useState<Made | null>(null);
  const [leaving, setLeaving] = useState<Token | null>(null);
  const [revoked, setRevoked] = useState(false);
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{t('access.tokens')}</h2>
      <p>{t('access.tokensIntro')}</p>
      {revoked && <Done focus>{t('access.revokedNow')}</Done>}
      {tokens.length === 0 ? <p>{t('access.noTokens')}</p> : <TokenTable tokens={tokens} onRevoke={setLeaving} />}
      {made !== null && <Secret made={made} />}
      <TokenForm
        onMade={(key) => {
          setMade(key);
          setRevoked(false);
          onChange();
        }}
      />
      {leaving !== null && (
        <Revoke
          token={leaving}
          onLeave={(changed) => {
            setLeaving(null);
            setRevoked(changed);
            if (!changed) return;
            setMade(null);
            onChange();
          }}
        />
      )}
    </section>
  );
}

function TokenTable({ tokens, onRevoke }: { tokens: readonly Token[]; onRevoke: (token: Token) => void }) {
  const { t, language } = useTexts();
  return (
    <Table
      label={t('access.tokens')}
      columns={[t('access.name'), t('access.scopes'), t('access.expires'), t('access.lastUsed'), t('access.action')]}
    >
      {tokens.map((token) => (
        <tr key={token.id}>
          <th scope="row">{token.name}</th>
          <td>{token.scopes.map((scope) => t(`tokenScope.${scope}`)).join('; ')}</td>
          <td>{formatDate(token.expiresAt, language)}</td>
          <td>{token.lastUsedAt === null ? t('access.never') : formatShort(token.lastUsedAt, language)}</td>
          <td>
            <button type="button" aria-label={t('access.revokeOf', { name: token.name })} onClick={() => onRevoke(token)}>
              {t('access.revoke')}
            </button>
          </td>
        </tr>
      ))}
    </Table>
  );
}

function Secret({ made: { name, token } }: { made: Made }) {
  const { t } = useTexts();
  return (
    <Done focus>
      <p>{t('access.created', { name })}</p>
      <p>
        {t('access.secret')}: <code className="secret">{token}</code>
      </p>
    </Done>
  );
}

function Revoke({ token, onLeave }: { token: Token; onLeave: (changed: boolean) => void }) {
  const { t } = useTexts();
  const { run, busy, wrong } = useAction(revokeMutation);
  const confirm = async () => {
    if ((await run({ apiToken: token.id })) !== null) onLeave(true);
  };
  return (
    <Confirm
      title={t('access.revokeOf', { name: token.name })}
      action={t('access.revoke')}
      busy={busy}
      wrong={wrong}
      onConfirm={() => void confirm()}
      onCancel={() => onLeave(false)}
    >
      <p>{t('access.revokeSure')}</p>
    </Confirm>
  );
}
