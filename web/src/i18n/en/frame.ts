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
    administration: 'Administration',
  },
  session: {
    ended: {
      IDLE: 'We signed you out because nothing had happened for a while. What you had written is not lost: sign in again and you will find it.',
      AGE: 'The session has ended because it had lasted as long as one may. What you had written is not lost: sign in again and you will find it.',
      OTHER: 'The session is over. Sign in again to go on.',
    },
    needed: 'Sign in to see this page.',
  },
  stay: {
    title: 'Are you still there?',
    idle: 'Nothing has happened for a while. When nobody uses it for {{minutes}} min, the session ends by itself.',
    age: 'The session has lasted as long as one may and is about to end. You can sign in again right away.',
    kept: 'What you have written and not sent is kept in this window; you will find it when you come back in.',
    left: 'It ends in',
    seconds: '{{seconds}} seconds are left.',
    stay: 'Stay signed in',
    understood: 'I see',
    leave: 'Sign out now',
  },
  forms: {
    wrong: 'Nothing was changed:',
    busy: 'One moment…',
    cancel: 'Go back',
    optional: '{{label}} (optional)',
    restored: 'We have brought back what you had written and not sent.',
    discard: 'Discard it',
    newer: 'Newer',
    older: 'Older',
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
