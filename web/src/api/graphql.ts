// Typed questions: what graphql`…` takes and gives follows from ../../schema.
import { initGraphQLTada } from 'gql.tada';

import type { introspection } from './generated/schema';

export const graphql = initGraphQLTada<{
  introspection: introspection;
  scalars: { Date: string; DateTime: string; LocalizedString: string };
  disableMasking: false;
}>();

export { readFragment } from 'gql.tada';
export type { FragmentOf, ResultOf, VariablesOf } from 'gql.tada';
