import { useId } from 'react';
import { useQuery } from 'urql';

import { graphql, type VariablesOf } from '../api/graphql';
import { Loading } from '../app/Loading';
import { useTexts } from '../i18n';

const noticeQuery = graphql(`
  query PrivacyNotice($form: PrivacyForm!, $about: ID) {
    privacyNotice(form: $form, about: $about) {
      responsible
      contact
      purpose
      basis
      seenBy
      kept
      rights
    }
  }
`);

interface Props {
  form: VariablesOf<typeof noticeQuery>['form'];
  // The event or organisation that the form is about: it is responsible then.
  about?: string;
}

// PrivacyNotice stands before each form that asks for personal data: who is
// responsible, for what, who sees it, how long. The words are the hub's.
export function PrivacyNotice({ form, about }: Props) {
  const { t } = useTexts();
  const heading = useId();
  const [{ data, error }] = useQuery({ query: noticeQuery, variables: { form, about: about ?? null } });
  if (error !== undefined) return <p className="message message-wrong">{t('notice.failed')}</p>;
  if (data === undefined) return <Loading />;
  const { responsible, contact, purpose, basis, seenBy, kept, rights } = data.privacyNotice;
  return (
    <section className="privacy" aria-labelledby={heading}>
      <strong id={heading}>{t('notice.heading')}</strong>
      <dl>
        <Line name={t('notice.responsible')} text={contact === null ? responsible : `${responsible} (${contact})`} />
        <Line name={t('notice.purpose')} text={purpose} />
        <Line name={t('notice.basis')} text={basis} />
        <Line name={t('notice.seenBy')} text={seenBy} />
        <Line name={t('notice.kept')} text={kept} />
        <Line name={t('notice.rights')} text={rights} />
      </dl>
    </section>
  );
}

function Line({ name, text }: { name: string; text: string }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{text}</dd>
    </>
  );
}
