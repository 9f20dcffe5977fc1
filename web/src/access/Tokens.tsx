import { useState } from 'react';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
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
  const [revoked, setRevoked] = useState(false);
  const forget = () => {
    setRevoked(true);
    setMade(null);
    onChange();
  };
  return (
    <section aria-labelledby="tokens">
      <h2 id="tokens">{t('access.tokens')}</h2>
      <p>{t('access.tokensIntro')}</p>
      {revoked && <Done focus>{t('access.revokedNow')}</Done>}
      {tokens.length === 0 ? <p>{t('access.noTokens')}</p> : <TokenTable tokens={tokens} onRevoked={forget} />}
      {made !== null && <Secret made={made} />}
      <TokenForm
        onMade={(key) => {
          setMade(key);
          setRevoked(false);
          onChange();
        }}
      />
    </section>
  );
}

function TokenTable({ tokens, onRevoked }: { tokens: readonly Token[]; onRevoked: () => void }) {
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
            <Revoke token={token} onRevoked={onRevoked} />
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

function Revoke({ token: { id, name }, onRevoked }: { token: Token; onRevoked: () => void }) {
  const { t } = useTexts();
  const acting = useAction(revokeMutation);
  return (
    <AskFirst
      label={t('access.revoke')}
      title={t('access.revokeOf', { name })}
      action={t('access.revoke')}
      acting={acting}
      run={() => acting.run({ apiToken: id })}
      onDone={onRevoked}
    >
      <p>{t('access.revokeSure')}</p>
    </AskFirst>
  );
}
