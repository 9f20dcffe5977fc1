import type { frame as original } from '../ca/frame';
import type { Shape } from '../shape';

export const frame: Shape<typeof original> = {
  name: 'Teixit',
  skip: 'Skip to content',
  languages: 'Language',
  loading: 'Loading…',
  failed: 'The server could not be reached.',
  retry: 'Try again',
  menu: {
    label: 'Main menu',
    signIn: 'Sign in',
    signOut: 'Sign out',
    signOutFailed: 'Signing out did not work.',
    organisations: 'My organisations',
    me: 'My data',
    access: 'Sessions and keys',
  },
  session: {
    ended: 'The session is over. Sign in again to go on.',
    needed: 'Sign in to see this page.',
  },
  forms: {
    wrong: 'Nothing was changed:',
    busy: 'One moment…',
    cancel: 'Go back',
    optional: '{{label}} (optional)',
  },
  notFound: {
    title: 'There is no such page',
    text: 'The address leads nowhere, or to something that you may not see.',
    home: 'Go to the start',
  },
  broken: {
    title: 'This page has failed',
    text: 'There may be a newer version of this site.',
    reload: 'Load the page again',
  },
  developers: {
    heading: 'For programs',
    graphiql: 'Explore the API with GraphiQL',
    schema: 'Schema of the API',
  },
};
