// The inbox.
export const inbox = {
  inbox: {
    title: "Safata d'entrada",
    lead: 'El que us afecta o us demanen, tal com va arribant.',
    none: 'Encara no hi ha res.',
    unread: 'Per llegir: {{number}}',
    allRead: 'Tot llegit.',
    readAll: 'Marca-ho tot com a llegit',
    new: 'nou',
  },
  digests: {
    title: 'Resums per correu',
    lead: "El que us cal saber de les vostres places i sessions us arriba sempre. La resta us l'enviem en resums, mai buits, quan vulgueu.",
    saved: "S'ha desat.",
    none: 'No vull cap resum',
    quiet: "No n'enviem cap entre les {{from}} i les {{until}} h.",
    reminders: 'Recordatoris dels actes on teniu plaça',
    remind: { yes: 'La vigília', no: 'Mai' },
    rhythm: {
      IMMEDIATELY: 'De seguida',
      DAILY: 'Un cop al dia',
      WEEKLY: 'Els dilluns',
      NEVER: 'Mai',
    },
  },
  inboxSort: {
    MENTION: 'Us hi anomenen',
    CONCERNED: 'Us afecta',
    ASKED: 'Us ho demanen',
    COMMENT: 'Comentari',
    CHANGE: 'Canvi',
  },
};
