import type { inbox as original } from '../ca/inbox';
import type { Shape } from '../shape';

export const inbox: Shape<typeof original> = {
  inbox: {
    title: 'Inbox',
    lead: 'What concerns you or is asked of you, as it comes.',
    none: 'Nothing yet.',
    unread: 'Unread: {{number}}',
    allRead: 'Everything is read.',
    readAll: 'Mark everything as read',
    new: 'new',
  },
  digests: {
    title: 'Digests by mail',
    lead: 'What you must know of your seats and sessions always reaches you. The rest we send in digests, never empty, when you want them.',
    saved: 'Saved.',
    none: 'I want no digests',
    quiet: 'None is sent between {{from}} and {{until}} h.',
    reminders: 'Reminders of events where you have a seat',
    remind: { yes: 'The day before', no: 'Never' },
    rhythm: {
      IMMEDIATELY: 'At once',
      DAILY: 'Once a day',
      WEEKLY: 'On Mondays',
      NEVER: 'Never',
    },
  },
  inboxSort: {
    MENTION: 'You are mentioned',
    CONCERNED: 'Concerns you',
    ASKED: 'Asked of you',
    COMMENT: 'Comment',
    CHANGE: 'Change',
  },
};
