import { useState } from 'react';

import { graphql, type FragmentOf } from '../api/graphql';
import { Picker, type Found } from '../administration/Picker';
import { SignInHere } from '../app/SignInHere';
import { Done } from '../forms/Done';
import { about, type Wrong } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { Radios } from '../forms/Radios';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { blockFragment, BlockFields, blockOf, useBlock } from './Block';

const requestMutation = graphql(`
  mutation RegistrationRequest($input: RegistrationRequestInput!) {
    registrationRequest(input: $input) {
      heldMinutes
      errors {
        message
        code
        path
      }
    }
  }
`);

type Of = 'known' | 'new';

interface Props {
  event: FragmentOf<typeof blockFragment> & { id: string };
}

interface Sent {
  mail: string;
  minutes: number;
}

// GuestForm registers a block by mail. It keeps no draft: whose it is, nobody
// knows before the mail is read. The hub says the same whether or not the
// address is known, and so does the page.
export function GuestForm({ event }: Props) {
  const { t } = useTexts();
  const [sent, setSent] = useState<Sent | null>(null);
  if (sent !== null) return <Done focus>{t('guest.sent', { mail: sent.mail, minutes: sent.minutes })}</Done>;
  return (
    <>
      <h2>{t('guest.without')}</h2>
      <p>{t('guest.intro')}</p>
      <div className="message">
        <p>{t('guest.account')}</p>
        <SignInHere />
      </div>
      <Request event={event} onSent={setSent} />
    </>
  );
}

function Request({ event, onSent }: Props & { onSent: (sent: Sent) => void }) {
  const { t } = useTexts();
  const block = useBlock();
  const [of, setOf] = useState<Of>('known');
  const [chosen, choose] = useState<Record<Of, Found | null>>({ known: null, new: null });
  const [lacking, setLacking] = useState<readonly Wrong[]>([]);
  const { run, busy, wrong, clear } = useAction(requestMutation);
  const send = async (values: Values) => {
    const { id } = chosen[of] ?? {};
    clear();
    const text = t(of === 'new' ? 'guest.chooseTown' : 'guest.chooseOrganisation');
    setLacking(id === undefined ? [{ message: text, code: 'REQUIRED', path: ['organization'] }] : []);
    if (id === undefined) return;
    const mail = values.text('mail');
    const organization = of === 'new' ? { new: associationOf(values, id) } : { id };
    const answer = await run({ event: event.id, mail, name: values.optional('name'), organization, ...blockOf(event, block, values) });
    if (answer !== null) onSent({ mail, minutes: answer.registrationRequest.heldMinutes ?? 0 });
  };
  const all = lacking.length > 0 ? lacking : wrong;
  return (
    <Form wrong={all} onSubmit={(values) => void send(values)} label={t('guest.without')}>
      <TextField
        label={t('guest.mail')}
        hint={t('guest.mailHint')}
        name="mail"
        type="email"
        autoComplete="email"
        maxLength={254}
        wrong={about('mail', all)}
      />
      <TextField label={t('forms.optional', { label: t('guest.name') })} name="name" autoComplete="name" maxLength={200} wrong={about('name', all)} />
      <Radios
        legend={t('guest.organisation')}
        name="of"
        value={of}
        options={[
          { value: 'known', label: t('guest.known') },
          { value: 'new', label: t('guest.new') },
        ]}
        onChange={setOf}
      />
      {of === 'known' && <Picker label={t('guest.find')} chosen={chosen.known} onChoose={(known) => choose({ ...chosen, known })} />}
      {of === 'new' && (
        <>
          <TextField label={t('guest.association')} name="association" autoComplete="organization" maxLength={200} wrong={about('organization', all)} />
          <Picker label={t('guest.town')} chosen={chosen.new} onChoose={(town) => choose({ ...chosen, new: town })} towns />
          <TextField label={t('forms.optional', { label: t('guest.taxId') })} name="taxId" autoComplete="off" maxLength={20} />
        </>
      )}
      <BlockFields event={event} block={block} wrong={all} />
      <Submit busy={busy}>{t('register.send', { number: block.count })}</Submit>
    </Form>
  );
}

function associationOf({ text, optional }: Values, town: string) {
  return { name: text('association'), town, taxId: optional('taxId') };
}
