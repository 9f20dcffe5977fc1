import type { frame as original } from '../ca/frame';
import type { Shape } from '../shape';

export const frame: Shape<typeof original> = {
  name: 'Teixit',
  skip: 'Ir al contenido',
  languages: 'Lengua',
  loading: 'Cargando…',
  failed: 'No se ha podido conectar con el servidor.',
  retry: 'Volver a intentarlo',
  menu: {
    label: 'Menú principal',
    signIn: 'Iniciar sesión',
    signOut: 'Cerrar sesión',
    signOutFailed: 'No se ha podido cerrar la sesión.',
    organisations: 'Mis organizaciones',
    me: 'Mis datos',
    access: 'Sesiones y claves',
  },
  session: {
    ended: 'La sesión se ha cerrado. Vuelva a iniciarla para continuar.',
    needed: 'Para ver esta página hay que iniciar sesión.',
  },
  forms: {
    wrong: 'No se ha hecho ningún cambio:',
    busy: 'Un momento…',
    cancel: 'Volver atrás',
    optional: '{{label}} (opcional)',
  },
  notFound: {
    title: 'Esta página no existe',
    text: 'La dirección no lleva a ninguna parte, o lleva a algo que no puede ver.',
    home: 'Ir al inicio',
  },
  broken: {
    title: 'Esta página ha fallado',
    text: 'Puede que haya una versión nueva de la web.',
    reload: 'Volver a cargar la página',
  },
  developers: {
    heading: 'Para programas',
    graphiql: 'Explorar la API con GraphiQL',
    schema: 'Esquema de la API',
  },
};
