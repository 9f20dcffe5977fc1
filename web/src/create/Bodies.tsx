import type { ReactNode } from 'react';
import { useQuery } from 'urql';

import { graphql } from '../api/graphql';
import { Failed } from '../app/Failed';
import { Loading } from '../app/Loading';
import { SignedInOnly } from '../app/SignedInOnly';
import { SelectField } from '../forms/Field';
import { useTexts } from '../i18n';
import { useSession } from '../session/Session';

const bodiesQuery = graphql(`
  query MyBodies {
    viewer {
      appointments {
        organization {
          __typename
          id
          name
          viewerCanAdminister
        }
      }
    }
  }
`);

export interface Body {
  __typename: string;
  id: string;
  name: string;
}

// ForBodies shows what is for who answers for an organisation, with those they
// answer for.
export function ForBodies({ children }: { children: (bodies: Body[]) => ReactNode }) {
  return <SignedInOnly>{() => <Asked>{children}</Asked>}</SignedInOnly>;
}

function Asked({ children }: { children: (bodies: Body[]) => ReactNode }) {
  const { t } = useTexts();
  const [{ data, error }, ask] = useQuery({ query: bodiesQuery });
  if (error !== undefined) return <Failed error={error} retry={() => ask({ requestPolicy: 'network-only' })} />;
  if (data === undefined) return <Loading />;
  const all = (data.viewer?.appointments ?? []).flatMap(({ organization }) => (organization?.viewerCanAdminister === true ? [organization] : []));
  const bodies = all.filter(({ id }, at) => all.findIndex((one) => one.id === id) === at);
  if (bodies.length === 0) return <p className="message">{t('create.nobody')}</p>;
  return children(bodies);
}

interface FieldProps {
  bodies: Body[];
  name: string;
  label: string;
  wrong: string | undefined;
}

export function BodyField({ bodies, name, label, wrong }: FieldProps) {
  const { actingFor } = useSession();
  return (
    <SelectField label={label} name={name} defaultValue={bodies.find(({ id }) => id === actingFor)?.id ?? bodies[0]?.id} wrong={wrong}>
      {bodies.map(({ id, name }) => (
        <option key={id} value={id}>
          {name}
        </option>
      ))}
    </SelectField>
  );
}
