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
    administration: 'Administración',
  },
  session: {
    ended: {
      IDLE: 'Hemos cerrado la sesión porque hacía rato que no la usaba. Lo que había escrito no se ha perdido: vuelva a iniciar sesión y lo encontrará.',
      AGE: 'La sesión se ha cerrado porque ya había durado el máximo. Lo que había escrito no se ha perdido: vuelva a iniciar sesión y lo encontrará.',
      OTHER: 'La sesión se ha cerrado. Vuelva a iniciarla para continuar.',
    },
    needed: 'Para ver esta página hay que iniciar sesión.',
  },
  stay: {
    title: '¿Sigue ahí?',
    idle: 'Hace rato que no hace nada. Cuando pasan {{minutes}} min sin que nadie la use, la sesión se cierra sola.',
    age: 'La sesión ha llegado al máximo que puede durar y se cerrará. Enseguida podrá iniciarla de nuevo.',
    kept: 'Lo que ha escrito y no ha enviado se guarda en esta ventana y lo encontrará cuando vuelva a entrar.',
    left: 'Se cierra dentro de',
    seconds: 'Quedan {{seconds}} segundos.',
    stay: 'Continuar',
    understood: 'Entendido',
    leave: 'Cerrarla ahora',
  },
  forms: {
    wrong: 'No se ha hecho ningún cambio:',
    busy: 'Un momento…',
    cancel: 'Volver atrás',
    optional: '{{label}} (opcional)',
    restored: 'Hemos recuperado lo que había escrito y no había enviado.',
    discard: 'Descartarlo',
    newer: 'Más recientes',
    older: 'Más antiguas',
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
