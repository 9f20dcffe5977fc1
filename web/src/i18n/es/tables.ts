import type { tables as original } from '../ca/tables';
import type { Shape } from '../shape';

export const tables: Shape<typeof original> = {
  tableAnswer: {
    title: 'Su respuesta a una mesa',
    useless: 'El enlace ya no sirve: la sesión ha empezado, se ha acabado el plazo o ahora ocupa el puesto otra persona.',
    introCall: '«{{table}}» convoca una sesión. Usted ocupa en ella el puesto de {{organization}}.',
    introPoll: '«{{table}}» busca fecha para una sesión. Usted ocupa en ella el puesto de {{organization}}.',
    session: 'Sesión',
    agenda: 'Orden del día',
    answered: 'Ha respondido',
    nothing: 'Todavía nada',
    until: 'Puede responder hasta',
    question: '¿Quién asistirá?',
    dates: '¿Qué fechas le van bien?',
    change: 'Cambiar la respuesta',
    said: 'Gracias: hemos anotado la respuesta. Puede cambiarla con el mismo enlace.',
  },
  callAnswer: {
    ATTEND: 'La persona titular',
    SUBSTITUTE: 'La persona sustituta',
    EXCUSED: 'Nadie: excusamos la ausencia',
  },
  dateAnswer: {
    YES: 'Me va bien',
    IF_NEEDED: 'Si hace falta, sí',
    NO: 'No puedo',
  },
};
