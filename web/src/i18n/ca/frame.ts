// What stands around every page, and what all forms say.
export const frame = {
  name: 'Teixit',
  skip: 'Ves al contingut',
  languages: 'Llengua',
  loading: "S'està carregant…",
  failed: "No s'ha pogut connectar amb el servidor.",
  retry: 'Torna-ho a provar',
  menu: {
    label: 'Menú principal',
    signIn: 'Inicia la sessió',
    signOut: 'Tanca la sessió',
    signOutFailed: "No s'ha pogut tancar la sessió.",
    organisations: 'Les meves organitzacions',
    me: 'Les meves dades',
    access: 'Sessions i claus',
  },
  session: {
    ended: "La sessió s'ha tancat. Torneu a iniciar-la per continuar.",
    needed: 'Per veure aquesta pàgina cal iniciar la sessió.',
  },
  forms: {
    wrong: "No s'ha fet cap canvi:",
    busy: 'Un moment…',
    cancel: 'Torna enrere',
    optional: '{{label}} (opcional)',
  },
  notFound: {
    title: 'Aquesta pàgina no existeix',
    text: "L'adreça no porta enlloc, o porta a una cosa que no podeu veure.",
    home: "Ves a l'inici",
  },
  broken: {
    title: 'Aquesta pàgina ha fallat',
    text: 'Pot ser que hi hagi una versió nova de la web.',
    reload: 'Torna a carregar la pàgina',
  },
  developers: {
    heading: 'Per a programes',
    graphiql: 'Explora l’API amb GraphiQL',
    schema: "Esquema de l'API",
  },
};
