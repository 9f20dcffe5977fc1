// What tables ask of who sits there, and their pages.
export const tables = {
  tableAnswer: {
    title: 'La vostra resposta a una taula',
    useless: "L'enllaç ja no serveix: la sessió ha començat, s'ha acabat el termini o ara hi seu algú altre.",
    introCall: '«{{table}}» convoca una sessió. Hi seieu per {{organization}}.',
    introPoll: '«{{table}}» busca data per a una sessió. Hi seieu per {{organization}}.',
    session: 'Sessió',
    agenda: 'Ordre del dia',
    answered: 'Heu respost',
    nothing: 'Encara res',
    until: 'Podeu respondre fins',
    question: 'Qui hi anirà?',
    dates: 'Quines dates us van bé?',
    change: 'Canvia la resposta',
    said: 'Gràcies: hem apuntat la resposta. La podeu canviar amb el mateix enllaç.',
  },
  callAnswer: {
    ATTEND: 'La persona titular',
    SUBSTITUTE: 'La persona substituta',
    EXCUSED: 'Ningú: excusem l’absència',
  },
  dateAnswer: {
    YES: 'Em va bé',
    IF_NEEDED: 'Si cal, sí',
    NO: 'No puc',
  },
};
