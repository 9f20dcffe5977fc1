import type { network as original } from '../ca/network';
import type { Shape } from '../shape';

export const network: Shape<typeof original> = {
  relation: {
    partOf: 'is part of',
    hasPart: 'is a part of it',
    actsIn: 'it acts there',
    actsHere: 'acts here',
    about: 'is about this place',
    heldAt: 'is held there',
    partnerIn: 'it is a partner there',
    project: 'project there',
    partner: 'partner of the project',
    table: 'table',
    member: 'member of the table',
    convenes: 'convenes it',
    event: 'event',
    organises: 'organises it',
    derivedFrom: 'it came of it',
    ledTo: 'came of it',
  },
  thing: {
    Event: 'Event',
    Association: 'Association',
    Municipality: 'Municipality and council',
    Comarca: 'Comarca',
    District: 'District',
    Neighbourhood: 'Neighbourhood',
    PublicService: 'Public service',
    Institution: 'Institution',
    SharedProject: 'Shared project',
    WorkingTable: 'Working table',
    Workshop: 'Workshop',
    PriorConsultation: 'Prior consultation',
  },
};
