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
  inboxSort: {
    MENTION: 'You are mentioned',
    CONCERNED: 'Concerns you',
    ASKED: 'Asked of you',
    COMMENT: 'Comment',
    CHANGE: 'Change',
  },
};
