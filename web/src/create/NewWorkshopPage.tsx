import { useState } from 'react';
import { useQuery } from 'urql';

import { Picker, type Found } from '../administration/Picker';
import { graphql } from '../api/graphql';
import { about, type Wrong } from '../forms/errors';
import { CheckField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useDraft } from '../forms/useDraft';
import { written, writtenOrNot } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, type Body } from './Bodies';
import { NewPage } from './NewPage';
import { pageOf, useMade } from './useMade';

const createMutation = graphql(`
  mutation WorkshopCreate($input: WorkshopCreateInput!) {
    workshopCreate(input: $input) {
      workshop {
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

const partsQuery = graphql(`
  query PartsOfTown($id: ID!) {
    municipality(by: { id: $id }) {
      id
      districts(first: 20) {
        nodes {
          id
          title
          neighbourhoods(first: 30) {
            nodes {
              id
              title
            }
          }
        }
      }
    }
  }
`);

export function Component() {
  const { t } = useTexts();
  return (
    <NewPage title={t('create.workshop')} lead={t('create.workshopEnough')}>{(bodies) => <New bodies={bodies} />}</NewPage>
  );
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const draft = useDraft('workshop.new');
  const { make, busy, wrong } = useMade(createMutation, ({ workshopCreate: { workshop } }) => pageOf('workshops', workshop), { draft });
  const [town, setTown] = useState(() => townAmong(bodies));
  const send = async (values: Values) => {
    const parts = values.all('part');
    await make({
      organization: values.text('organization'),
      title: written(values.text('title'), language),
      description: writtenOrNot(values.optional('description'), language),
      places: parts.length > 0 ? parts : town === null ? [] : [town.id],
    });
  };
  return (
    <Form wrong={wrong} draft={draft} onSubmit={(values) => void send(values)} label={t('create.workshop')}>
      <TextField label={t('create.title')} name="title" wrong={about('title', wrong)} />
      <BodyField bodies={bodies} name="organization" label={t('create.organiser')} wrong={about('organization', wrong)} />
      <Places town={town} onTown={setTown} wrong={wrong} />
      <TextArea label={t('forms.optional', { label: t('create.description') })} name="description" rows={3} wrong={about('description', wrong)} />
      <Submit busy={busy}>{t('create.do')}</Submit>
    </Form>
  );
}

// townAmong is the town that the reader answers for, where the workshop will
// mostly be about.
function townAmong(bodies: Body[]): Found | null {
  const town = bodies.find(({ __typename }) => __typename === 'Municipality');
  return town === undefined ? null : { __typename: 'Municipality', id: town.id, name: town.name };
}

// Places is the town that a workshop is about, or some neighbourhoods of it.
function Places({ town, onTown, wrong }: { town: Found | null; onTown: (town: Found | null) => void; wrong: readonly Wrong[] }) {
  const { t } = useTexts();
  const missing = about('places', wrong);
  return (
    <>
      <Picker towns label={t('create.town')} chosen={town} onChoose={onTown} />
      {missing !== undefined && <p className="wrong">{missing}</p>}
      {town !== null && <Parts key={town.id} town={town.id} />}
    </>
  );
}

function Parts({ town }: { town: string }) {
  const { t } = useTexts();
  const [{ data }] = useQuery({ query: partsQuery, variables: { id: town } });
  const districts = data?.municipality?.districts.nodes ?? [];
  if (districts.length === 0) return null;
  return (
    <fieldset className="field">
      <legend>{t('forms.optional', { label: t('create.parts') })}</legend>
      <p className="hint">{t('create.partsHint')}</p>
      {districts.map(({ id, title, neighbourhoods }) => (
        <details key={id}>
          <summary>{title}</summary>
          {neighbourhoods.nodes.map((one) => (
            <CheckField key={one.id} name="part" value={one.id} label={one.title} />
          ))}
        </details>
      ))}
    </fieldset>
  );
}
