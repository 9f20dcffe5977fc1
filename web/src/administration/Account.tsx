import { useState } from 'react';

import { graphql, readFragment, type FragmentOf } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
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
  const [sure, setSure] = useState(false);
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
        <button type="button" className={used ? 'button-danger' : 'button-main'} onClick={() => setSure(true)}>
          {t(used ? 'administration.disable' : 'administration.enable')}
        </button>
      </div>
      {sure && (
        <Sure
          mail={mail}
          used={used}
          onLeave={(changed) => {
            setSure(false);
            if (!changed) return;
            setDone(used ? 'disabled' : 'enabled');
            onChange();
          }}
        />
      )}
    </section>
  );
}

function Sure({ mail, used, onLeave }: { mail: string; used: boolean; onLeave: (changed: boolean) => void }) {
  const { t } = useTexts();
  const disable = useAction(disableMutation);
  const enable = useAction(enableMutation);
  const { busy, wrong } = used ? disable : enable;
  const confirm = async () => {
    const input = { account: { mail } };
    if ((await (used ? disable.run(input) : enable.run(input))) !== null) onLeave(true);
  };
  return (
    <Confirm
      title={t(used ? 'administration.disableOf' : 'administration.enableOf', { mail })}
      action={t(used ? 'administration.disable' : 'administration.enable')}
      busy={busy}
      wrong={wrong}
      onConfirm={() => void confirm()}
      onCancel={() => onLeave(false)}
    >
      <p>{t(used ? 'administration.disableSure' : 'administration.enableSure')}</p>
    </Confirm>
  );
}
