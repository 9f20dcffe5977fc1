import { SelectField, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useTexts } from '../i18n';
import type { Filter } from './AuditPage';

// Filters say which lines of a trail to show: of what kind, between which days.
export function Filters({ onChoose }: { onChoose: (filter: Filter) => void }) {
  const { t } = useTexts();
  const choose = ({ text, optional }: Values) => {
    const kind = text('kind');
    onChoose({
      ...(kind === 'CHANGE' || kind === 'READ' ? { kind } : {}),
      from: optional('from'),
      until: optional('until'),
    });
  };
  return (
    <Form onSubmit={choose} label={t('audit.filter')}>
      <div className="row">
        <SelectField label={t('audit.kind')} name="kind" defaultValue="">
          <option value="">{t('audit.everything')}</option>
          <option value="CHANGE">{t('audit.changes')}</option>
          <option value="READ">{t('audit.reads')}</option>
        </SelectField>
        <TextField label={t('audit.from')} name="from" type="date" />
        <TextField label={t('audit.until')} name="until" type="date" />
        <Submit busy={false}>{t('audit.show')}</Submit>
      </div>
    </Form>
  );
}
