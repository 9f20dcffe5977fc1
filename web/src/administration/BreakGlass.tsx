import { useState } from 'react';

import { graphql } from '../api/graphql';
import { Confirm } from '../forms/Confirm';
import { about } from '../forms/errors';
import { TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { PrivacyNotice } from '../forms/PrivacyNotice';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { useTexts } from '../i18n';
import { Picker, type Found } from './Picker';

const breakMutation = graphql(`
  mutation GlassBreak($input: GlassBreakInput!) {
    glassBreak(input: $input) {
      glass {
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

interface Meant {
  node: string;
  name: string;
  reason: string;
}

// BreakGlass takes what to look inside, and why. An event that may not be seen is
// named by its identifier, which whoever asks for help can tell.
export function BreakGlass({ onBroken }: { onBroken: () => void }) {
  const { t } = useTexts();
  const draft = useDraft('glass');
  const [chosen, setChosen] = useState<Found | null>(null);
  const [meant, setMeant] = useState<Meant | null>(null);
  const { run, busy, wrong, clear } = useAction(breakMutation);
  const ask = ({ text }: Values) => {
    clear();
    const node = chosen?.id ?? text('node');
    setMeant({ node, name: chosen?.name ?? node, reason: text('reason') });
  };
  const confirm = async () => {
    if (meant === null) return;
    const answer = await run({ node: meant.node, reason: meant.reason });
    setMeant(null); // what is wrong stands at the fields
    if (answer === null) return;
    draft?.drop();
    onBroken();
  };
  return (
    <div className="panel">
      <h2>{t('administration.break')}</h2>
      <PrivacyNotice form="GLASS" />
      <Form draft={draft} wrong={wrong} onSubmit={ask} label={t('administration.break')}>
        <Picker label={t('administration.body')} chosen={chosen} onChoose={setChosen} />
        {chosen === null && (
          <TextField
            label={t('administration.identifier')}
            hint={t('administration.identifierHint')}
            name="node"
            autoComplete="off"
            spellCheck={false}
            wrong={about('node', wrong)}
          />
        )}
        <TextArea
          label={t('administration.reason')}
          hint={t('administration.reasonHint')}
          name="reason"
          rows={3}
          minLength={10}
          maxLength={500}
          required
          wrong={about('reason', wrong)}
        />
        <Submit busy={busy} danger>
          {t('administration.break')}
        </Submit>
      </Form>
      {meant !== null && (
        <Confirm
          title={t('administration.breakOf', { name: meant.name })}
          action={t('administration.breakNow')}
          busy={busy}
          wrong={[]}
          onConfirm={() => void confirm()}
          onCancel={() => setMeant(null)}
        >
          <p>{t('administration.breakSure')}</p>
        </Confirm>
      )}
    </div>
  );
}
