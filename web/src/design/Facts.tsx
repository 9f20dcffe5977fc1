import type { ReactNode } from 'react';

export interface Fact {
  name: string;
  // Null, undefined and false: there is nothing to say, and the line is left out.
  value: ReactNode;
}

// Facts is what is known of a thing, name by name.
export function Facts({ facts }: { facts: readonly Fact[] }) {
  const told = facts.filter(({ value }) => value !== null && value !== undefined && value !== false && value !== '');
  if (told.length === 0) return null;
  return (
    <dl className="facts">
      {told.map(({ name, value }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
