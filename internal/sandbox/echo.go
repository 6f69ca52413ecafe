package sandbox

import (
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"strings"
)

// Spelling is how a careless system repeats the secrets of a request.
type Spelling string

// The spellings. The zero value is as it was sent, URL-encoded, and in base64.
const (
	OtherCase     Spelling = "case"
	Split         Spelling = "split"
	DoubleEncoded Spelling = "double"
	Cut           Spelling = "cut"
)

// Spelled sets how a fault that repeats secrets spells them.
func (f Fault) Spelled(spelling Spelling) Fault {
	f.Spelling = spelling
	return f
}

// EchoSecrets appends the secrets of a request to a text, in the fault's spelling. Empty secrets are skipped.
func (f Fault) EchoSecrets(text string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			text += "; " + f.Spelling.spell(secret)
		}
	}
	return text
}

// EchoFormSecrets is [Fault.EchoSecrets] for the secrets in some fields of a form, with the names of the fields.
func (f Fault) EchoFormSecrets(text string, form url.Values, fields ...string) string {
	for _, field := range fields {
		if secret := form.Get(field); secret != "" {
			text += fmt.Sprintf("; %s=%s", field, f.Spelling.spell(secret))
		}
	}
	return text
}

func (s Spelling) spell(secret string) string {
	encoded := base64.StdEncoding.EncodeToString([]byte(secret))
	switch s {
	case OtherCase:
		return strings.ToUpper(secret) + ", " + strings.ToLower(secret) + ", " + strings.ToLower(url.QueryEscape(secret))
	case Split:
		return wrap(secret, "\r\n ") + ", " + wrap(secret, "=\r\n") + ", " + wrap(encoded, "\r\n")
	case DoubleEncoded:
		return quoteJSON(quoteJSON(secret)) + ", " + escapeXML(escapeXML(secret)) + ", " +
			base64.StdEncoding.EncodeToString([]byte("password="+url.QueryEscape(secret)))
	case Cut:
		return secret[:len(secret)*3/4]
	default:
		return fmt.Sprintf("%s (%s, %s)", secret, url.QueryEscape(secret), encoded)
	}
}

// wrap puts line breaks into a text.
func wrap(text, lineBreak string) string {
	const width = 5
	var b strings.Builder
	for i, r := range []rune(text) {
		if i > 0 && i%width == 0 {
			b.WriteString(lineBreak)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be written
	return string(quoted)
}

func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // writing to a builder never fails
	return b.String()
}
