import { useState } from 'react';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { AskFirst } from '../forms/AskFirst';
import { Done } from '../forms/Done';
import { useAction } from '../forms/useAction';
import { formatShort } from '../format/when';
import { useTexts } from '../i18n';

export const accountFragment = graphql(`
  fragment AdministeredAccount on Account {
    id
    mail
    admin
    createdAt
    disabledAt
  }
`);

const disableMutation = graphql(
  `
    mutation AccountDisable($input: AccountDisableInput!) {
      accountDisable(input: $input) {
        account {
          ...AdministeredAccount
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [accountFragment],
);

const enableMutation = graphql(
  `
    mutation AccountEnable($input: AccountEnableInput!) {
      accountEnable(input: $input) {
        account {
          ...AdministeredAccount
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [accountFragment],
);

interface Props {
  mail: string;
  account: FragmentOf<typeof accountFragment>;
  onChange: () => void;
}

// Account is one that was found, to be taken out of use or put back.
export function Account({ mail, account: given, onChange }: Props) {
  const { t, language } = useTexts();
  const { admin, createdAt, disabledAt } = readFragment(accountFragment, given);
  const [done, setDone] = useState<'disabled' | 'enabled' | null>(null);
  const used = disabledAt === null;
  return (
    <section className="panel" aria-label={mail}>
      <h2>{mail}</h2>
      {done !== null && (
        <Done focus key={done}>
          {t(`administration.${done}`)}
        </Done>
      )}
      <dl className="facts">
        <dt>{t('administration.since')}</dt>
        <dd>{formatShort(createdAt, language)}</dd>
        <dt>{t('administration.state')}</dt>
        <dd>{used ? t('administration.inUse') : t('administration.outOfUse', { when: formatShort(disabledAt, language) })}</dd>
        {admin && (
          <>
            <dt>{t('administration.role')}</dt>
            <dd>{t('administration.administrator')}</dd>
          </>
        )}
      </dl>
      <div className="actions">
        <Sure
          mail={mail}
          used={used}
          onDone={() => {
            setDone(used ? 'disabled' : 'enabled');
            onChange();
          }}
        />
      </div>
    </section>
  );
}

function Sure({ mail, used, onDone }: { mail: string; used: boolean; onDone: () => void }) {
  const { t } = useTexts();
  const disable = useAction(disableMutation);
  const enable = useAction(enableMutation);
  const input = { account: { mail } };
  return (
    <AskFirst<object>
      label={t(used ? 'administration.disable' : 'administration.enable')}
      asked={t(used ? 'administration.disableOf' : 'administration.enableOf', { mail })}
      action={t(used ? 'administration.disable' : 'administration.enable')}
      className={used ? 'button-danger' : 'button-main'}
      acting={used ? disable : enable}
      run={() => (used ? disable : enable).run(input)}
      onDone={onDone}
    >
      <p>{t(used ? 'administration.disableSure' : 'administration.enableSure')}</p>
    </AskFirst>
  );
}
