import type { network as original } from '../ca/network';
import type { Shape } from '../shape';

export const network: Shape<typeof original> = {
  relation: {
    partOf: 'forma parte de',
    hasPart: 'forma parte',
    actsIn: 'actúa allí',
    actsHere: 'actúa aquí',
    about: 'es de este territorio',
    heldAt: 'se hace allí',
    partnerIn: 'es socio',
    project: 'proyecto que se hace allí',
    partner: 'socio del proyecto',
    table: 'mesa',
    member: 'miembro de la mesa',
    convenes: 'la convoca',
    event: 'actividad',
    organises: 'lo organiza',
    derivedFrom: 'viene de ello',
    ledTo: 'ha salido de ello',
  },
  thing: {
    Event: 'Actividad',
    Association: 'Entidad',
    Municipality: 'Municipio y ayuntamiento',
    Comarca: 'Comarca',
    District: 'Distrito',
    Neighbourhood: 'Barrio',
    PublicService: 'Servicio público',
    Institution: 'Institución',
    SharedProject: 'Proyecto compartido',
    WorkingTable: 'Mesa de trabajo',
    Workshop: 'Taller',
    PriorConsultation: 'Consulta previa',
  },
};
