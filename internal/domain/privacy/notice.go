package privacy

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/kernel/id"
	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/access"
)

// Form is a form that asks for personal data.
type Form string

// The forms.
const (
	SignInForm       Form = "SIGN_IN"
	AccountForm      Form = "ACCOUNT"
	PersonForm       Form = "PERSON"
	ClaimForm        Form = "CLAIM"
	RegistrationForm Form = "REGISTRATION"
	NeedsForm        Form = "NEEDS"
	AnswerForm       Form = "ANSWER"
	TokenForm        Form = "API_TOKEN"
	MailForm         Form = "MAIL_CHANGE"
	GlassForm        Form = "GLASS"
)

// Notice is what stands before a form.
type Notice struct {
	Form        Form
	Responsible lang.Text
	Contact     string // empty: not recorded
	Purpose     lang.Text
	Basis       lang.Text
	SeenBy      lang.Text
	Kept        lang.Text
	Rights      lang.Text
}

// NoticeOf gives the notice of a form. about is the event or organisation the
// form is about, or Zero; what the viewer does not see is fault.ErrNotFound. It
// is public.
func (s *Service) NoticeOf(ctx context.Context, v *access.Viewer, form Form, about id.ID) (*Notice, error) {
	n := texts(form)
	n.Form, n.Rights = form, rights()
	n.Responsible, n.Contact = same(s.Operator.Name), s.Operator.Mail
	if n.Responsible.Empty() {
		n.Responsible = unnamed()
	}
	if about.IsZero() {
		return &n, nil
	}
	err := s.db.Read().QueryRow(ctx, responsibleSQL, append([]any{about}, v.SQLArgs()...)...).
		Scan(&n.Responsible.CA, &n.Responsible.ES, &n.Responsible.EN, &n.Contact)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, fault.ErrNotFound.At("about")
	}
	return &n, wrap("read who is responsible", err)
}

var responsibleSQL = `
select o.title_ca, o.title_es, o.title_en, coalesce(p.mail, '')
from nodes n join nodes o on o.id = n.home left join organizations p on p.node = o.id
where n.id = $1 and ` + access.VisibleSQL("n", 2)

// unnamed stands for an operator who has not said who they are.
func unnamed() lang.Text {
	return lang.Text{
		CA: "Qui ha posat en marxa aquest Teixit, que encara no hi ha escrit com es diu. Pregunteu-ho a qui us n'ha donat l'adreça abans de donar-hi dades.",
		ES: "Quien ha puesto en marcha este Teixit, que todavía no ha escrito aquí cómo se llama. Pregúntelo a quien le ha dado la dirección antes de dar datos.",
		EN: "Who has set up this Teixit, and has not written here yet who they are. Ask who gave you the address before you give data.",
	}
}

func same(text string) lang.Text { return lang.Text{CA: text, ES: text, EN: text} }

func rights() lang.Text {
	return lang.Text{
		CA: "Podeu veure les vostres dades, endur-vos-en una còpia, corregir-les, esborrar-les i saber qui les ha llegit, a «Les meves dades» o escrivint a qui n'és responsable. Podeu reclamar davant l'Autoritat Catalana de Protecció de Dades.",
		ES: "Puede ver sus datos, llevarse una copia, corregirlos, borrarlos y saber quién los ha leído, en «Mis datos» o escribiendo a quien es responsable. Puede reclamar ante la Autoridad Catalana de Protección de Datos.",
		EN: "You can see your data, take a copy, correct them, erase them and learn who has read them, under “My data” or by writing to who is responsible. You can complain to the Catalan Data Protection Authority.",
	}
}

// texts says for what, on what ground, seen by whom and how long. The numbers
// are those of the code: a test holds them together.
func texts(form Form) Notice {
	consent := lang.Text{CA: "El vostre consentiment.", ES: "Su consentimiento.", EN: "Your consent."}
	service := lang.Text{
		CA: "Cal per prestar el servei que demaneu.", ES: "Es necesario para prestar el servicio que pide.",
		EN: "It is needed for the service you ask for.",
	}
	task := lang.Text{
		CA: "Una tasca d'interès públic: el treball en xarxa entre ajuntaments i entitats.",
		ES: "Una tarea de interés público: el trabajo en red entre ayuntamientos y entidades.",
		EN: "A task in the public interest: networked working of town councils and associations.",
	}
	switch form {
	case SignInForm:
		return Notice{
			Basis:   service,
			Purpose: lang.Text{CA: "Saber que sou vós qui llegeix aquest correu.", ES: "Saber que es usted quien lee este correo.", EN: "To know that it is you who reads this mail."},
			SeenBy:  lang.Text{CA: "Ningú: l'adreça no es dona a ningú.", ES: "Nadie: la dirección no se da a nadie.", EN: "Nobody: the address is given to nobody."},
			Kept:    lang.Text{CA: "El codi, un dia. L'adreça, mentre tingueu compte.", ES: "El código, un día. La dirección, mientras tenga cuenta.", EN: "The code, a day. The address, as long as you have an account."},
		}
	case AccountForm:
		return Notice{
			Basis:   service,
			Purpose: lang.Text{CA: "Que us reconeguin les persones amb qui treballeu.", ES: "Que le reconozcan las personas con quienes trabaja.", EN: "So that the people you work with know you."},
			SeenBy:  lang.Text{CA: "Les persones de les vostres organitzacions.", ES: "Las personas de sus organizaciones.", EN: "The people of your organisations."},
			Kept:    lang.Text{CA: "Fins que esborreu el compte. Les sessions acabades, 30 dies.", ES: "Hasta que borre la cuenta. Las sesiones terminadas, 30 días.", EN: "Until you erase the account. Sessions that ended, 30 days."},
		}
	case PersonForm:
		return Notice{
			Basis:   task,
			Purpose: lang.Text{CA: "Saber qui actua per l'organització i en quin paper.", ES: "Saber quién actúa por la organización y en qué papel.", EN: "To know who acts for the organisation, and in what role."},
			SeenBy:  lang.Text{CA: "Les persones de l'organització.", ES: "Las personas de la organización.", EN: "The people of the organisation."},
			Kept:    lang.Text{CA: "Fins que la persona ho esborri. El paper i les dates queden sense nom.", ES: "Hasta que la persona lo borre. El papel y las fechas quedan sin nombre.", EN: "Until the person erases it. Role and dates remain without a name."},
		}
	case ClaimForm:
		return Notice{
			Basis:   task,
			Purpose: lang.Text{CA: "Que l'ajuntament comprovi que representeu l'associació.", ES: "Que el ayuntamiento compruebe que representa a la asociación.", EN: "So that the town council can check that you represent the association."},
			SeenBy:  lang.Text{CA: "El personal responsable dels municipis on actua.", ES: "El personal responsable de los municipios donde actúa.", EN: "The officers of the towns where it acts."},
			Kept:    lang.Text{CA: "Mentre tingueu compte.", ES: "Mientras tenga cuenta.", EN: "As long as you have an account."},
		}
	case NeedsForm:
		return Notice{
			Basis:   consent,
			Purpose: lang.Text{CA: "Preparar l'àpat i l'accés.", ES: "Preparar la comida y el acceso.", EN: "To prepare the meal and the access."},
			SeenBy:  lang.Text{CA: "Només qui organitza l'acte.", ES: "Solo quien organiza el acto.", EN: "Only who organises the event."},
			Kept:    lang.Text{CA: "Fins a 7 dies després de l'acte.", ES: "Hasta 7 días después del acto.", EN: "Until 7 days after the event."},
		}
	case TokenForm:
		return Notice{
			Basis:   service,
			Purpose: lang.Text{CA: "Que un programa actuï en nom vostre, i que pugueu saber quin i quan.", ES: "Que un programa actúe en su nombre, y que pueda saber cuál y cuándo.", EN: "So that a program acts in your name, and you can tell which and when."},
			SeenBy:  lang.Text{CA: "Només vós. El que el programa llegeix de persones queda apuntat com si ho haguéssiu llegit vós.", ES: "Solo usted. Lo que el programa lee de personas queda apuntado como si lo hubiera leído usted.", EN: "Only you. What the program reads about people is noted as if you had read it."},
			Kept:    lang.Text{CA: "El nom i l'últim ús, fins 30 dies després que caduqui o la retireu. De la clau només se'n guarda una empremta.", ES: "El nombre y el último uso, hasta 30 días después de que caduque o la retire. De la clave solo se guarda una huella.", EN: "The name and the last use, until 30 days after it expires or you revoke it. Of the key only a hash is kept."},
		}
	case MailForm:
		return Notice{
			Basis:   service,
			Purpose: lang.Text{CA: "Saber que llegiu l'adreça nova, i avisar-vos a la d'ara que ha canviat.", ES: "Saber que lee la dirección nueva, y avisarle en la actual de que ha cambiado.", EN: "To know that you read the new address, and to tell the present one that it changed."},
			SeenBy:  lang.Text{CA: "Ningú: l'adreça no es dona a ningú.", ES: "Nadie: la dirección no se da a nadie.", EN: "Nobody: the address is given to nobody."},
			Kept:    lang.Text{CA: "El codi, un dia. L'adreça, mentre tingueu compte o fins que la canvieu.", ES: "El código, un día. La dirección, mientras tenga cuenta o hasta que la cambie.", EN: "The code, a day. The address, as long as you have an account or until you change it."},
		}
	case GlassForm:
		return Notice{
			Basis:   task,
			Purpose: lang.Text{CA: "Que qui respon del que s'obre sàpiga qui hi ha mirat, i per què.", ES: "Que quien responde de lo que se abre sepa quién ha mirado, y por qué.", EN: "So that who answers for what is opened knows who looked, and why."},
			SeenBy:  lang.Text{CA: "Qui organitza o porta el que s'obre. També se'ls envia per correu, amb el vostre nom.", ES: "Quien organiza o lleva lo que se abre. También se les envía por correo, con su nombre.", EN: "Who organises or runs what is opened. It is mailed to them too, with your name."},
			Kept:    lang.Text{CA: "Per sempre: és un registre de control.", ES: "Para siempre: es un registro de control.", EN: "For ever: it is a record for oversight."},
		}
	case AnswerForm:
		return Notice{
			Basis:   consent,
			Purpose: lang.Text{CA: "Que decidiu vós sobre la vostra inscripció.", ES: "Que decida usted sobre su inscripción.", EN: "So that you decide about your registration."},
			SeenBy:  seenAtEvents(),
			Kept:    keptAtEvents(),
		}
	}
	return Notice{
		Basis:   task,
		Purpose: lang.Text{CA: "Guardar la plaça, avisar dels canvis i rebre qui arriba.", ES: "Guardar la plaza, avisar de los cambios y recibir a quien llega.", EN: "To keep the seat, to tell of changes and to let people in."},
		SeenBy:  seenAtEvents(),
		Kept:    keptAtEvents(),
	}
}

func seenAtEvents() lang.Text {
	return lang.Text{
		CA: "Qui organitza l'acte, qui ha fet la inscripció i qui respon per l'organització; les altres persones de l'organització, només si qui hi va ho tria.",
		ES: "Quien organiza el acto, quien ha hecho la inscripción y quien responde por la organización; las demás personas de la organización, solo si quien va lo elige.",
		EN: "Who organises the event, who made the registration and who answers for the organisation; the other people of the organisation only if the delegate chooses so.",
	}
}

func keptAtEvents() lang.Text {
	return lang.Text{
		CA: "El codi d'entrada, 30 dies després de l'acte. El nom i el correu, 365 dies, si qui organitza no ha dit una altra cosa. Després queden només els recomptes.",
		ES: "El código de entrada, 30 días después del acto. El nombre y el correo, 365 días, si quien organiza no ha dicho otra cosa. Después quedan solo los recuentos.",
		EN: "The entrance code, 30 days after the event. Name and mail, 365 days, unless the organisers said otherwise. After that only counts remain.",
	}
}

// Forms lists the forms.
func Forms() []Form {
	return []Form{SignInForm, AccountForm, PersonForm, ClaimForm, RegistrationForm, NeedsForm, AnswerForm, TokenForm, MailForm, GlassForm}
}
