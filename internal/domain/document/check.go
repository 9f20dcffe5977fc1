package document

import (
	"bytes"
	"net/http"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/teixit/teixit/internal/kernel/fault"
)

// Why a file is not taken.
var (
	ErrFileName = fault.Define(fault.Invalid, "BAD_FILE_NAME",
		"El nom del fitxer no és vàlid: fins a {max} caràcters, sense barres ni signes que no es veuen.",
		"El nombre del archivo no es válido: hasta {max} caracteres, sin barras ni signos que no se ven.",
		"The name of the file is not valid: up to {max} characters, without slashes and signs that cannot be seen.")
	ErrFileType = fault.Define(fault.Invalid, "FILE_TYPE_NOT_ALLOWED",
		"Aquest tipus de fitxer no s'accepta. S'accepten: {allowed}.",
		"Este tipo de archivo no se acepta. Se aceptan: {allowed}.",
		"Files of this type are not taken. Taken are: {allowed}.")
	ErrNotAsNamed = fault.Define(fault.Invalid, "FILE_NOT_AS_NAMED",
		"El contingut del fitxer no és del tipus que diu el nom.",
		"El contenido del archivo no es del tipo que dice el nombre.",
		"What is in the file is not what its name says.")
	ErrFileSize = fault.Define(fault.Invalid, "FILE_SIZE",
		"El fitxer ha de tenir entre 1 byte i {max} MB, i la mida que s'ha dit.",
		"El archivo debe tener entre 1 byte y {max} MB, y el tamaño que se ha dicho.",
		"The file has to have between 1 byte and {max} MB, and the size that was said.")
	ErrUploadEnded = fault.Define(fault.NotFound, "UPLOAD_ENDED",
		"Aquest lloc per a un fitxer ja no serveix. Demaneu-ne un altre.",
		"Este lugar para un archivo ya no sirve. Pida otro.",
		"This place for a file is no longer good. Ask for another.")
	ErrTooManyDocuments = fault.Define(fault.Conflict, "TOO_MANY_DOCUMENTS",
		"Hi pot haver {max} documents com a màxim.", "Puede haber {max} documentos como máximo.", "There can be at most {max} documents.")
)

const maxFileName = 120

// kind is a type of file that is taken.
type kind struct {
	extension, media string
	is               func(head []byte) bool
}

// kinds are the types that are taken: what offices exchange, and nothing that a
// browser would run. The names end as they are shown.
func kinds() []kind {
	detected := func(media string) func([]byte) bool {
		return func(head []byte) bool { return strings.HasPrefix(http.DetectContentType(head), media) }
	}
	zip := detected("application/zip")
	const office = "application/vnd.openxmlformats-officedocument."
	odf := func(what string) kind {
		media := "application/vnd.oasis.opendocument." + what
		return kind{media: media, is: func(head []byte) bool { // its first entry, not compressed, says what it is
			return zip(head) && bytes.Contains(head[:min(len(head), 120)], []byte("mimetype"+media))
		}}
	}
	named := func(extension string, k kind) kind { k.extension = extension; return k }
	return []kind{
		{"pdf", "application/pdf", detected("application/pdf")},
		{"docx", office + "wordprocessingml.document", zip},
		{"xlsx", office + "spreadsheetml.sheet", zip},
		{"pptx", office + "presentationml.presentation", zip},
		named("odt", odf("text")),
		named("ods", odf("spreadsheet")),
		named("odp", odf("presentation")),
		{"txt", "text/plain; charset=utf-8", plainText},
		{"csv", "text/csv; charset=utf-8", plainText},
		{"png", "image/png", detected("image/png")},
		{"jpg", "image/jpeg", detected("image/jpeg")},
		{"jpeg", "image/jpeg", detected("image/jpeg")},
	}
}

// plainText is readable text that no browser takes for a page.
func plainText(head []byte) bool {
	return strings.HasPrefix(http.DetectContentType(head), "text/plain") && utf8.Valid(trimmed(head)) && !bytes.ContainsRune(head, 0)
}

// trimmed leaves out a character that the end of what was read cut in two.
func trimmed(head []byte) []byte {
	for i := 0; i < utf8.UTFMax && len(head) > 0 && !utf8.Valid(head); i++ {
		head = head[:len(head)-1]
	}
	return head
}

// checkName finds the type that a name says; the fault tells what is taken.
func checkName(name string) (kind, error) {
	unseen := func(r rune) bool {
		return unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || strings.ContainsRune(`/\:*?"<>|`, r)
	}
	if name == "" || !utf8.ValidString(name) || utf8.RuneCountInString(name) > maxFileName || strings.ContainsFunc(name, unseen) ||
		strings.HasPrefix(name, ".") || strings.TrimSpace(name) != name {
		return kind{}, ErrFileName.At("fileName").With("max", maxFileName)
	}
	extension := strings.ToLower(strings.TrimPrefix(path.Ext(name), "."))
	var allowed []string
	for _, k := range kinds() {
		if k.extension == extension {
			return k, nil
		}
		allowed = append(allowed, k.extension)
	}
	return kind{}, ErrFileType.At("fileName").With("allowed", strings.Join(allowed, ", "))
}
