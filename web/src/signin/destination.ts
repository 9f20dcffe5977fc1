// destination is where to go after signing in: a page of ours, whatever the
// address says.
export function destination(next: string | null): string {
  const ours = next !== null && /^\/[\w/-]*$/.test(next) && !next.startsWith('//');
  return ours ? next : '/organisations';
}
