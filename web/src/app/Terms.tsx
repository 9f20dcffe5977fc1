import { useQuery } from 'urql';

import { graphql, type ResultOf } from '../api/graphql';
import { SelectField } from '../forms/Field';
import { useTexts } from '../i18n';

const termsQuery = graphql(`
  query Terms {
    fields: taxonomy(kind: FIELD) {
      id
      title
    }
    challenges: taxonomy(kind: CHALLENGE) {
      id
      title
    }
  }
`);

type Terms = ResultOf<typeof termsQuery>;

interface Props {
  name: string;
  value: string;
  onChange: (id: string) => void;
}

// AboutField chooses what things are about: a field of work or a challenge.
export function AboutField({ name, value, onChange }: Props) {
  const { t } = useTexts();
  const [{ data }] = useQuery({ query: termsQuery });
  return (
    <SelectField label={t('filters.about')} name={name} value={value} onChange={(event) => onChange(event.target.value)}>
      <option value="">{t('filters.all')}</option>
      <Group label={t('filters.fields')} terms={data?.fields ?? []} />
      <Group label={t('filters.challenges')} terms={data?.challenges ?? []} />
      {data === undefined && value !== '' && <option value={value}>…</option>}
    </SelectField>
  );
}

function Group({ label, terms }: { label: string; terms: Terms['fields'] }) {
  return (
    <optgroup label={label}>
      {terms.map(({ id, title }) => (
        <option key={id} value={id}>
          {title}
        </option>
      ))}
    </optgroup>
  );
}
