package auth

import (
	"github.com/teixit/teixit/internal/kernel/fault"
	"github.com/teixit/teixit/internal/platform/rate"
)

// The faults of this package. Those of signing in are worded alike for what is
// wrong, used up, too old or never was: the answer tells nothing.
var (
	errBadToken = fault.Define(fault.Unauthenticated, "BAD_TOKEN",
		"L'autorització que heu enviat no és vàlida.",
		"La autorización enviada no es válida.",
		"The authorization you sent is not valid.")
	// ErrNotActingFor answers who wants to act for a body that they do not act for.
	ErrNotActingFor = fault.Define(fault.Denied, "NOT_ACTING_FOR",
		"No actueu per a aquesta organització.",
		"No actúa en nombre de esta organización.",
		"You do not act for this organisation.")
	// ErrTooOften carries the argument retryAfter, in seconds.
	ErrTooOften = rate.ErrTooOften
	ErrBadMail  = fault.Define(fault.Invalid, "BAD_MAIL",
		"No és una adreça de correu.", "No es una dirección de correo.", "This is no mail address.")
	// ErrSignInFailed is the one answer for a code or link that does not sign in.
	ErrSignInFailed = fault.Define(fault.Unauthenticated, "SIGN_IN_FAILED",
		"El codi o l'enllaç no és correcte, ja s'ha fet servir o ha caducat. Demaneu-ne un altre.",
		"El código o el enlace no es correcto, ya se ha usado o ha caducado. Pida otro.",
		"The code or link is wrong, has been used or has expired. Ask for a new one.")
	// ErrAccountDisabled is told only to who has proven to be the owner.
	ErrAccountDisabled = fault.Define(fault.Denied, "ACCOUNT_DISABLED",
		"Aquest compte està desactivat. Parleu amb qui administra la plataforma.",
		"Esta cuenta está desactivada. Hable con quien administra la plataforma.",
		"This account is disabled. Talk to who administers the platform.")
	ErrMailTaken = fault.Define(fault.Conflict, "MAIL_TAKEN",
		"Un altre compte ja fa servir aquesta adreça.",
		"Otra cuenta ya usa esta dirección.",
		"Another account uses this address already.")
	ErrNoAccount = fault.Define(fault.NotFound, "NO_ACCOUNT",
		"No hi ha cap compte així.", "No existe tal cuenta.", "There is no such account.")
	ErrOwnAccount = fault.Define(fault.Conflict, "OWN_ACCOUNT",
		"No podeu desactivar el vostre propi compte.",
		"No puede desactivar su propia cuenta.",
		"You cannot disable your own account.")
	ErrSessionOnly = fault.Define(fault.Denied, "SESSION_ONLY",
		"Això només ho pot fer una persona que ha iniciat la sessió, no un programa amb un testimoni.",
		"Esto solo puede hacerlo una persona que ha iniciado sesión, no un programa con un token.",
		"Only a person who has signed in can do this, not a program with a token.")
	// ErrScope carries the argument scope.
	ErrScope = fault.Define(fault.Denied, "TOKEN_SCOPE",
		"Aquest testimoni no té l'abast {scope}.",
		"Este token no tiene el alcance {scope}.",
		"This token does not have the scope {scope}.")
	ErrBadScopes = fault.Define(fault.Invalid, "BAD_SCOPES",
		"Trieu almenys un abast, cadascun una sola vegada.",
		"Elija al menos un alcance, cada uno una sola vez.",
		"Choose at least one scope, each only once.")
	ErrBadExpiry = fault.Define(fault.Invalid, "BAD_EXPIRY",
		"El testimoni ha de caducar en el futur, d'aquí a un any com a molt.",
		"El token debe caducar en el futuro, dentro de un año como mucho.",
		"The token has to expire in the future, within a year at most.")
	ErrTooManyTokens = fault.Define(fault.Conflict, "TOO_MANY_TOKENS",
		"Ja teniu {max} testimonis en vigor: revoqueu-ne algun.",
		"Ya tiene {max} tokens en vigor: revoque alguno.",
		"You have {max} tokens in force already: revoke one.")
	// ErrInvitation is the one answer for an invitation that cannot be accepted.
	ErrInvitation = fault.Define(fault.Conflict, "INVITATION_NOT_VALID",
		"La invitació no és vàlida: s'ha fet servir, s'ha retirat o ha caducat. Demaneu-ne una altra.",
		"La invitación no es válida: se ha usado, se ha retirado o ha caducado. Pida otra.",
		"The invitation is not valid: it was used, withdrawn or has expired. Ask for a new one.")
	ErrAlreadyInvited = fault.Define(fault.Conflict, "ALREADY_INVITED",
		"Aquesta adreça ja té una invitació pendent per a aquest paper.",
		"Esta dirección ya tiene una invitación pendiente para este papel.",
		"This address has an open invitation for this role already.")
	// ErrProvider says that signing in at the provider did not work out.
	ErrProvider = fault.Define(fault.Unauthenticated, "OIDC_FAILED",
		"No s'ha pogut iniciar la sessió amb el proveïdor. Torneu-ho a provar.",
		"No se ha podido iniciar sesión con el proveedor. Vuelva a intentarlo.",
		"Signing in with the provider did not work. Try again.")
	ErrNoProvider = fault.Define(fault.NotFound, "OIDC_NOT_SET_UP",
		"Aquí no hi ha cap altre proveïdor per iniciar la sessió.",
		"Aquí no hay otro proveedor para iniciar sesión.",
		"There is no other provider to sign in with here.")
	// ErrMailKnown: an account is never taken over by a mail address alone.
	ErrMailKnown = fault.Define(fault.Conflict, "OIDC_MAIL_KNOWN",
		"Ja hi ha un compte amb la vostra adreça. Inicieu la sessió amb un codi i enllaceu el proveïdor a la configuració.",
		"Ya existe una cuenta con su dirección. Inicie sesión con un código y enlace el proveedor en la configuración.",
		"There is an account with your address already. Sign in with a code and link the provider in your settings.")
	ErrLastWayIn = fault.Define(fault.Conflict, "LAST_WAY_IN",
		"No us quedaria cap manera d'iniciar la sessió: afegiu abans una adreça de correu.",
		"No le quedaría ninguna forma de iniciar sesión: añada antes una dirección de correo.",
		"There would be no way left to sign in: add a mail address first.")
	ErrIdentityTaken = fault.Define(fault.Conflict, "IDENTITY_TAKEN",
		"Aquesta identitat ja està enllaçada a un altre compte.",
		"Esta identidad ya está enlazada a otra cuenta.",
		"This identity is linked to another account already.")
)
