package calendar

import (
	"fmt"
	"strconv"
	"time"

	"github.com/teixit/teixit/internal/kernel/lang"
	"github.com/teixit/teixit/internal/platform/mail"
)

// Words say in plain words how the registration stands and what its people can
// do about it.
func (g *Guest) Words() lang.Text {
	n := g.Counts
	switch {
	case !g.live():
		return lang.Text{
			CA: "La inscripció està anul·lada: ja no teniu cap plaça ni sou a cap llista.",
			ES: "La inscripción está anulada: ya no tiene ninguna plaza ni está en ninguna lista.",
			EN: "The registration is cancelled: you have no seat and are in no line any more.",
		}
	case g.ConfirmBy != nil:
		return until(*g.ConfirmBy, lang.Text{
			CA: "Encara no ho heu confirmat. Us guardem el lloc fins al %s.",
			ES: "Aún no lo ha confirmado. Le guardamos el sitio hasta el %s.",
			EN: "You have not confirmed yet. We hold the place until %s.",
		})
	case n.Pending > 0:
		return lang.Text{
			CA: "Qui organitza l'acte ha d'aprovar la inscripció. Us escriurem quan ho faci.",
			ES: "Quien organiza el acto debe aprobar la inscripción. Le escribiremos cuando lo haga.",
			EN: "The organisers have to approve the registration. We write when they do.",
		}
	case g.OfferedUntil != nil:
		return until(*g.OfferedUntil, lang.Text{
			CA: "Us ha tocat. Digueu que veniu abans del %s; si no, passarà als següents de la llista.",
			ES: "Le ha tocado. Diga que viene antes del %s; si no, pasará a los siguientes de la lista.",
			EN: "It is your turn. Say that you come before %s; otherwise it goes to the next in line.",
		})
	case n.Waiting == 0:
		return counted(n.Confirmed, lang.Text{CA: "Teniu la plaça confirmada.", ES: "Tiene la plaza confirmada.", EN: "Your seat is confirmed."},
			lang.Text{CA: "Teniu %d places confirmades.", ES: "Tiene %d plazas confirmadas.", EN: "You have %d confirmed seats."})
	}
	return g.lineWords()
}

// lineWords tell the place in the line.
func (g *Guest) lineWords() lang.Text {
	seats := lang.Text{}
	if g.Counts.Confirmed > 0 {
		seats = counted(g.Counts.Confirmed, lang.Text{CA: "Teniu 1 plaça. ", ES: "Tiene 1 plaza. ", EN: "You have 1 seat. "},
			lang.Text{CA: "Teniu %d places. ", ES: "Tiene %d plazas. ", EN: "You have %d seats. "})
	}
	wait := counted(g.Counts.Waiting, lang.Text{CA: "Una persona espera", ES: "Una persona espera", EN: "One person is waiting"},
		lang.Text{CA: "%d persones esperen", ES: "%d personas esperan", EN: "%d people are waiting"})
	var place lang.Text
	switch p := g.Place(); p {
	case 0:
		place = lang.Text{
			CA: " a part: el grup ja no hi cap.", ES: " aparte: el grupo ya no cabe.", EN: " aside: the block no longer fits.",
		}
	case 1:
		place = lang.Text{
			CA: ": sou els primers de la llista.", ES: ": son los primeros de la lista.", EN: ": you are first in the line.",
		}
	default:
		at := strconv.Itoa(p)
		place = lang.Text{
			CA: ": sou al lloc " + at + " de la llista.", ES: ": están en el lugar " + at + " de la lista.", EN: ": you are at place " + at + " in the line.",
		}
	}
	return lang.Text{CA: seats.CA + wait.CA + place.CA, ES: seats.ES + wait.ES + place.ES, EN: seats.EN + wait.EN + place.EN}
}

func counted(n int, one, many lang.Text) lang.Text {
	if n == 1 {
		return one
	}
	return lang.Text{CA: fmt.Sprintf(many.CA, n), ES: fmt.Sprintf(many.ES, n), EN: fmt.Sprintf(many.EN, n)}
}

func until(t time.Time, words lang.Text) lang.Text {
	at := func(l lang.Lang) string {
		text, err := mail.Moment(l, t)
		if err != nil {
			return clock(&t)
		}
		return text
	}
	return lang.Text{CA: fmt.Sprintf(words.CA, at(lang.CA)), ES: fmt.Sprintf(words.ES, at(lang.ES)), EN: fmt.Sprintf(words.EN, at(lang.EN))}
}
