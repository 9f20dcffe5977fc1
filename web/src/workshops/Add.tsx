import { useState } from 'react';

import { graphql } from '../api/graphql';
import { written } from '../format/written';
import { Done } from '../forms/Done';
import { about } from '../forms/errors';
import { SelectField, TextArea } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useTexts } from '../i18n';
import { workshopFragment, type Pen, type WorkshopShown } from './workshop';

const addMutation = graphql(
  `
    mutation WorkshopEntryAdd($input: WorkshopEntryAddInput!) {
      workshopEntryAdd(input: $input) {
        entry
        workshop {
          id
          ...WorkshopShown
        }
        errors {
          message
          code
          path
        }
      }
    }
  `,
  [workshopFragment],
);

interface Props {
  workshop: WorkshopShown;
  pen: Pen;
  kind: 'PRIORITY' | 'RUNNING_PROJECT' | 'CAPACITY';
  beside: string | null;
  onBeside: (priority: string | null) => void;
  again: () => void;
}

// Add notes something for one of the neighbourhoods; which one stays chosen.
export function Add({ workshop, pen, kind, beside, onBeside, again }: Props) {
  const { t, language } = useTexts();
  const { run, busy, wrong } = useAction(addMutation);
  const { board } = workshop;
  const [territory, setTerritory] = useState(board[0]?.territory.id ?? '');
  const [added, setAdded] = useState<{ text: string; round: number }>({ text: '', round: 0 });
  const of = board.find(({ priorities }) => priorities.some(({ id }) => id === beside)) ?? null;
  const priorities = board.flatMap((place) => place.priorities);
  const add = async (values: Values) => {
    const text = values.text('text');
    const done = await run({
      by: pen,
      kind,
      territory: of?.territory.id ?? territory,
      text: written(text, language),
      beside: kind === 'CAPACITY' ? beside : null,
    });
    if (done === null) return;
    setAdded({ text, round: added.round + 1 });
    again();
  };
  return (
    <Form key={added.round} wrong={wrong} label={t(`workshops.step.${kind}`)} onSubmit={(values) => void add(values)}>
      {added.round > 0 && <Done>{t('workshops.added', { text: added.text })}</Done>}
      {board.length > 1 && of === null && (
        <SelectField label={t('workshops.where')} name="territory" value={territory} onChange={({ target }) => setTerritory(target.value)} wrong={about('territory', wrong)}>
          {board.map(({ territory: { id, title } }) => (
            <option key={id} value={id}>
              {title}
            </option>
          ))}
        </SelectField>
      )}
      {kind === 'CAPACITY' && priorities.length > 0 && (
        <SelectField label={t('workshops.beside')} name="beside" value={beside ?? ''} onChange={({ target }) => onBeside(target.value || null)} wrong={about('beside', wrong)}>
          <option value="">{t('workshops.besideNone')}</option>
          {priorities.map(({ id, text }) => (
            <option key={id} value={id}>
              {text}
            </option>
          ))}
        </SelectField>
      )}
      <TextArea key={added.round} autoFocus={added.round > 0} label={t(`workshops.what.${kind}`)} name="text" rows={2} maxLength={500} wrong={about('text', wrong)} />
      <Submit busy={busy}>{t('workshops.add')}</Submit>
    </Form>
  );
}
