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
  inboxSort: {
    MENTION: 'Us hi anomenen',
    CONCERNED: 'Us afecta',
    ASKED: 'Us ho demanen',
    COMMENT: 'Comentari',
    CHANGE: 'Canvi',
  },
};
