import type { inbox as original } from '../ca/inbox';
import type { Shape } from '../shape';

export const inbox: Shape<typeof original> = {
  inbox: {
    title: 'Bandeja de entrada',
    lead: 'Lo que le afecta o le piden, según va llegando.',
    none: 'Todavía no hay nada.',
    unread: 'Por leer: {{number}}',
    allRead: 'Todo leído.',
    readAll: 'Marcarlo todo como leído',
    new: 'nuevo',
  },
  inboxSort: {
    MENTION: 'Le mencionan',
    CONCERNED: 'Le afecta',
    ASKED: 'Se lo piden',
    COMMENT: 'Comentario',
    CHANGE: 'Cambio',
  },
};
