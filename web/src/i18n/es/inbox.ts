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
  digests: {
    title: 'Resúmenes por correo',
    lead: 'Lo que necesita saber de sus plazas y sesiones le llega siempre. Lo demás se lo enviamos en resúmenes, nunca vacíos, cuando quiera.',
    saved: 'Guardado.',
    none: 'No quiero ningún resumen',
    quiet: 'No enviamos ninguno entre las {{from}} y las {{until}} h.',
    reminders: 'Recordatorios de los actos donde tiene plaza',
    remind: { yes: 'La víspera', no: 'Nunca' },
    rhythm: {
      IMMEDIATELY: 'Enseguida',
      DAILY: 'Una vez al día',
      WEEKLY: 'Los lunes',
      NEVER: 'Nunca',
    },
  },
  inboxSort: {
    MENTION: 'Le mencionan',
    CONCERNED: 'Le afecta',
    ASKED: 'Se lo piden',
    COMMENT: 'Comentario',
    CHANGE: 'Cambio',
  },
};
