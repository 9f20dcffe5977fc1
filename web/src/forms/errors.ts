// What the hub found wrong with what was sent: data of an answer, not faults.

export interface Wrong {
  message: string;
  code: string;
  // The field of the input it is about, outermost first; empty: about no single field.
  path: readonly string[];
}

// about picks what is wrong with one field.
export function about(field: string, wrong: readonly Wrong[]): string | undefined {
  const found = wrong.filter(({ path }) => path[0] === field).map(({ message }) => message);
  return found.length === 0 ? undefined : found.join(' ');
}
