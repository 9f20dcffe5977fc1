// The delegates of a block as a form has them: a row of fields each, numbered.
import type { ca } from '../i18n/ca';
import type { Values as Draft } from '../forms/drafts';
import type { Values } from '../forms/Form';

export type Policy = keyof typeof ca.placesPolicy;
export type Role = keyof typeof ca.delegateRole;

export const policies: readonly Policy[] = ['WAIT_TOGETHER', 'TAKE_WHAT_THERE_IS', 'ALL_OR_NOTHING'];
export const roles: readonly Role[] = ['ASSOCIATION', 'PUBLIC', 'PROFESSIONAL'];

// rowsOf is how many rows a draft had.
export function rowsOf(draft: Draft | null): number {
  return Object.keys(draft ?? {}).filter((name) => /^role\.\d+$/.test(name)).length;
}

export function delegatesOf(values: Pick<Values, 'text' | 'optional'>, count: number) {
  return Array.from({ length: count }, (_, at) => ({
    name: values.optional(`name.${at}`),
    mail: values.optional(`mail.${at}`),
    role: roles.find((role) => role === values.text(`role.${at}`)) ?? 'ASSOCIATION',
  }));
}
