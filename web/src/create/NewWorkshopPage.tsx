import { useState } from 'react';
import { useNavigate } from 'react-router';
import { useQuery } from 'urql';

import { Picker, type Found } from '../administration/Picker';
import { graphql } from '../api/graphql';
import { Page } from '../app/Page';
import { about, type Wrong } from '../forms/errors';
import { CheckField, TextArea, TextField } from '../forms/Field';
import { Form, Submit, type Values } from '../forms/Form';
import { useAction } from '../forms/useAction';
import { useDraft } from '../forms/useDraft';
import { written } from '../format/written';
import { useTexts } from '../i18n';
import { BodyField, ForBodies, type Body } from './Bodies';

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
    <Page title={t('create.workshop')} lead={t('create.workshopEnough')}>
      <ForBodies>{(bodies) => <New bodies={bodies} />}</ForBodies>
    </Page>
  );
}

function New({ bodies }: { bodies: Body[] }) {
  const { t, language } = useTexts();
  const navigate = useNavigate();
  const { run, busy, wrong } = useAction(createMutation);
  const draft = useDraft('workshop.new');
  const [town, setTown] = useState(() => townAmong(bodies));
  const send = async (values: Values) => {
    const description = values.optional('description');
    const parts = values.all('part');
    const answer = await run({
      organization: values.text('organization'),
      title: written(values.text('title'), language),
      description: description === null ? null : written(description, language),
      places: parts.length > 0 ? parts : town === null ? [] : [town.id],
    });
    const id = answer?.workshopCreate.workshop?.id;
    if (id === undefined) return;
    draft?.drop();
    await navigate(`/workshops/${id}`);
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
