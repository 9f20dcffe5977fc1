import { useId, useState } from 'react';
import { useQuery } from 'urql';

import { graphql, readFragment, type FragmentOf, type ResultOf } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { TextField } from '../forms/Field';
import { useTexts } from '../i18n';

const foundFragment = graphql(`
  fragment FoundOrganisation on Organization {
    __typename
    id
    name
  }
`);

// A town's council would be lost among the many associations that are called
// after the town.
const searchQuery = graphql(
  `
    query OrganisationSearch($text: String!) {
      councils: organizations(first: 5, filter: { text: $text, kinds: [MUNICIPALITY] }) {
        nodes {
          ...FoundOrganisation
        }
      }
      others: organizations(first: 25, filter: { text: $text, kinds: [ASSOCIATION, PUBLIC_SERVICE, INSTITUTION] }) {
        nodes {
          ...FoundOrganisation
        }
      }
    }
  `,
  [foundFragment],
);

export type Found = ResultOf<typeof foundFragment>;

interface Props {
  label: string;
  chosen: Found | null;
  onChoose: (organisation: Found | null) => void;
  // Only towns, each by its council, which is one with it.
  towns?: boolean;
}

// Picker finds an organisation by a part of its name.
export function Picker({ label, chosen, onChoose, towns = false }: Props) {
  const { t } = useTexts();
  const [text, setText] = useState('');
  const [asked, setAsked] = useState<string | null>(null);
  const search = () => setAsked(text.trim() || null);
  return (
    <fieldset className="field picker">
      <legend>{label}</legend>
      {chosen === null ? (
        <>
          <div className="row">
            <TextField
              label={t('administration.name')}
              value={text}
              onChange={(event) => setText(event.target.value)}
              onKeyDown={(event) => {
                if (event.key !== 'Enter') return;
                event.preventDefault(); // the form around is sent by its own button
                search();
              }}
            />
            <button type="button" aria-label={t('administration.searchFor', { what: label })} onClick={search}>
              {t('administration.search')}
            </button>
          </div>
          {asked !== null && <Results key={asked} text={asked} label={label} onChoose={onChoose} towns={towns} />}
        </>
      ) : (
        <p>
          <strong>{chosen.name}</strong> ({t(`administration.type.${chosen.__typename}`)}){' '}
          <button type="button" aria-label={t('administration.chooseOtherFor', { what: label })} onClick={() => onChoose(null)}>
            {t('administration.chooseOther')}
          </button>
        </p>
      )}
    </fieldset>
  );
}

interface ResultsProps {
  text: string;
  label: string;
  onChoose: Props['onChoose'];
  towns: boolean;
}

function Results({ text, label, onChoose, towns }: ResultsProps) {
  const { t } = useTexts();
  const id = useId();
  const [{ data, error }, ask] = useQuery({ query: searchQuery, variables: { text } });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const found = [...data.councils.nodes, ...(towns ? [] : data.others.nodes)];
  return (
    <>
      <p role="status" id={id}>
        {found.length === 0 ? t('administration.noneFound', { text }) : t('administration.found', { number: found.length })}
      </p>
      {found.length > 0 && (
        <ul className="plain-list choices" aria-label={label}>
          {found.map((one) => (
            <Choice key={readFragment(foundFragment, one).id} found={one} onChoose={onChoose} />
          ))}
        </ul>
      )}
    </>
  );
}

// Entries of one body may have one name, so the end of the identifier is shown.
function Choice({ found: given, onChoose }: { found: FragmentOf<typeof foundFragment>; onChoose: Props['onChoose'] }) {
  const { t } = useTexts();
  const found = readFragment(foundFragment, given);
  return (
    <li>
      <button type="button" onClick={() => onChoose(found)}>
        <span>{found.name}</span>{' '}
        <small>
          {t(`administration.type.${found.__typename}`)} · <code>…{found.id.slice(-6)}</code>
        </small>
      </button>
    </li>
  );
}
