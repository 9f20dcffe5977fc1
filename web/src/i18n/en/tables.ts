import type { tables as original } from '../ca/tables';
import type { Shape } from '../shape';

export const tables: Shape<typeof original> = {
  tableAnswer: {
    title: 'Your answer to a table',
    useless: 'The link does not work any more: the session has begun, the time is over, or somebody else sits there now.',
    introCall: '“{{table}}” calls a session. You sit there for {{organization}}.',
    introPoll: '“{{table}}” looks for the date of a session. You sit there for {{organization}}.',
    session: 'Session',
    agenda: 'Agenda',
    answered: 'You answered',
    nothing: 'Nothing yet',
    until: 'You can answer until',
    question: 'Who will come?',
    dates: 'Which dates suit you?',
    change: 'Change the answer',
    said: 'Thank you: your answer was noted. You can change it with the same link.',
  },
  callAnswer: {
    ATTEND: 'The delegate',
    SUBSTITUTE: 'The substitute',
    EXCUSED: 'Nobody: we send our apologies',
  },
  dateAnswer: {
    YES: 'It suits me',
    IF_NEEDED: 'If needed',
    NO: 'It does not suit me',
  },
};
