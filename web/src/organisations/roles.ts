// The roles that somebody can have for a body, as the hub allows them: officers
// and technicians are of public bodies.
import type { ca } from '../i18n/ca';

export type Role = keyof typeof ca.actingRole;

export const roles: readonly Role[] = ['REPRESENTATIVE', 'OFFICER', 'TECHNICIAN', 'DELEGATE', 'SUBSTITUTE'];

export function rolesOf(typename: string): readonly Role[] {
  return typename === 'Association' ? roles.filter((role) => role !== 'OFFICER' && role !== 'TECHNICIAN') : roles;
}

// roleOf reads a role out of a form; the select holds no other value.
export function roleOf(text: string): Role {
  return roles.find((role) => role === text) ?? 'DELEGATE';
}
