import { useState } from 'react';
import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { Page } from '../app/Page';
import { Facts } from '../design/Facts';
import { about, type Wrong } from '../forms/errors';
import { TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { formatDay, formatShort } from '../format/when';
import { useTexts } from '../i18n';

const checkQuery = graphql(`
  query CertificateCheck($code: String!, $name: String) {
    certificateCheck(code: $code, name: $name) {
      event
      organiser
      minutes
      heldOn
      issuedAt
      initials
      name
      nameMatches
    }
  }
`);

type Found = NonNullable<ResultOf<typeof checkQuery>['certificateCheck']>;

interface Asked {
  code: string;
  name: string | null;
}

// Where the address that stands on a certificate leads: anybody may ask whether
// it is genuine. What is asked stays out of the address, for it may be a name.
export function Component() {
  const { t } = useTexts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const [wrong, setWrong] = useState<readonly Wrong[]>([]);
  const check = ({ text, optional }: Values) => {
    const code = text('code');
    setWrong(code === '' ? [{ message: t('certificate.missing'), code: 'REQUIRED', path: ['code'] }] : []);
    setAsked(code === '' ? null : { code, name: optional('name') });
  };
  return (
    <Page title={t('certificate.title')} lead={t('certificate.intro')}>
      <Form wrong={wrong} onSubmit={check} label={t('certificate.title')}>
        <TextField label={t('certificate.code')} name="code" autoComplete="off" maxLength={100} wrong={about('code', wrong)} />
        <TextField
          label={t('forms.optional', { label: t('certificate.name') })}
          hint={t('certificate.nameHint')}
          name="name"
          autoComplete="off"
          maxLength={200}
        />
        <Submit busy={false}>{t('certificate.check')}</Submit>
      </Form>
      {asked !== null && <Answer key={`${asked.code} ${asked.name ?? ''}`} asked={asked} />}
    </Page>
  );
}

function Answer({ asked: { code, name } }: { asked: Asked }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: checkQuery, variables: { code, name } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const found = data.certificateCheck;
  return (
    <div role="status">
      {found === null ? <p className="message message-wrong">{t('certificate.wrong')}</p> : <Genuine found={found} />}
    </div>
  );
}

function Genuine({ found }: { found: Found }) {
  const { t, language } = useTexts();
  return (
    <>
      <p className="message message-good">{t('certificate.right')}</p>
      {found.nameMatches !== null && (
        <p className={found.nameMatches ? 'message message-good' : 'message message-wrong'}>
          {t(found.nameMatches ? 'certificate.matches' : 'certificate.differs')}
        </p>
      )}
      <Facts
        facts={[
          { name: t('certificate.event'), value: found.event },
          { name: t('certificate.organiser'), value: found.organiser },
          { name: t('register.name'), value: found.name },
          { name: t('certificate.initials'), value: found.name === null && found.initials },
          { name: t('certificate.minutes'), value: t('certificate.minutesOf', { minutes: found.minutes }) },
          { name: t('certificate.heldOn'), value: formatDay(found.heldOn, language) },
          { name: t('certificate.issuedAt'), value: formatShort(found.issuedAt, language) },
        ]}
      />
    </>
  );
}
