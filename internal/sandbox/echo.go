package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"mime/quotedprintable"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// Encoding is a form in which a careless system repeats a secret.
type Encoding string

// The encodings. Each of them was seen in answers of real systems, or is what two layers of a system make of one secret.
const (
	Raw              Encoding = "raw"
	Upper            Encoding = "upper"
	Lower            Encoding = "lower"
	Split            Encoding = "split"
	MIMEWrapped      Encoding = "mime_wrapped"
	Percent          Encoding = "percent"
	PercentTwice     Encoding = "percent_twice"
	JSONInJSON       Encoding = "json_in_json"
	XMLInXML         Encoding = "xml_in_xml"
	Entities         Encoding = "entities"
	HexEscapes       Encoding = "hex_escapes"
	UnicodeEscapes   Encoding = "unicode_escapes"
	QuotedPrintable  Encoding = "quoted_printable"
	Base64           Encoding = "base64"
	Base64OfForm     Encoding = "base64_of_form"
	Base64OfPercent  Encoding = "base64_of_percent"
	Base64Twice      Encoding = "base64_twice"
	CutAtMessageSize Encoding = "cut_at_message_size"
	CutAtReadSize    Encoding = "cut_at_read_size"
)

const (
	messageSize = 500      // characters of a message that a client shows
	readSize    = 64 << 10 // bytes of a message that a client searches for secrets
	lineSize    = 76       // of MIME

	minTokenSize = 16 // shorter cookies are settings, not sessions
)

// Encodings are all encodings.
func Encodings() []Encoding {
	return []Encoding{
		Raw, Upper, Lower, Split, MIMEWrapped, Percent, PercentTwice, JSONInJSON, XMLInXML, Entities, HexEscapes, UnicodeEscapes,
		QuotedPrintable, Base64, Base64OfForm, Base64OfPercent, Base64Twice, CutAtMessageSize, CutAtReadSize,
	}
}

// Encode returns a secret in the encoding. Those that cut begin with a filler, such that the limit is in the middle of the
// secret.
func (e Encoding) Encode(secret string) string {
	switch e {
	case Upper:
		return strings.ToUpper(secret)
	case Lower:
		return strings.ToLower(secret)
	case Split:
		return split(secret, 5, " \n")
	case MIMEWrapped:
		return split(base64.StdEncoding.EncodeToString([]byte(strings.Repeat("user:", 10)+secret)), lineSize, "\r\n")
	case Percent:
		return escapeBytes(secret, "%%%02x")
	case PercentTwice:
		return url.QueryEscape(escapeBytes(secret, "%%%02X"))
	case JSONInJSON:
		return fmt.Sprintf(`{"request":%s}`, quoteJSON(fmt.Sprintf(`{"secret":%s}`, quoteJSON(secret))))
	case XMLInXML:
		return "<request>" + escapeXML("<secret>"+escapeXML(secret)+"</secret>") + "</request>"
	case Entities:
		return escapeBytes(secret, "&#x%x;")
	case HexEscapes:
		return escapeBytes(secret, `\x%02x`)
	case UnicodeEscapes:
		return escapeBytes(secret, `\u%04x`)
	case QuotedPrintable:
		return quotedPrintable(secret)
	case Base64:
		return base64.StdEncoding.EncodeToString([]byte(secret))
	case Base64OfForm:
		return base64.StdEncoding.EncodeToString([]byte("grant_type=x&secret=" + url.QueryEscape(secret) + "&scope=y"))
	case Base64OfPercent:
		return base64.RawURLEncoding.EncodeToString([]byte(escapeBytes(secret, "%%%02X")))
	case Base64Twice:
		return base64.StdEncoding.EncodeToString([]byte("b:" + base64.StdEncoding.EncodeToString([]byte("a:"+secret))))
	case CutAtMessageSize:
		return strings.Repeat("x ", max(0, messageSize/2-len(secret)/4)) + secret
	case CutAtReadSize:
		return strings.Repeat("y\n", max(0, readSize/2-len(secret)/4)) + secret
	default:
		return secret
	}
}

// split inserts a separator after every size bytes.
func split(text string, size int, separator string) string {
	parts := slices.Collect(slices.Chunk([]byte(text), size))
	words := make([]string, len(parts))
	for i, part := range parts {
		words[i] = string(part)
	}
	return strings.Join(words, separator)
}

// escapeBytes writes each byte in a format.
func escapeBytes(text, format string) string {
	var b strings.Builder
	for _, c := range []byte(text) {
		fmt.Fprintf(&b, format, c)
	}
	return b.String()
}

func quoteJSON(text string) string {
	quoted, _ := json.Marshal(text) // a string can always be encoded
	return string(quoted)
}

func escapeXML(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // writing to a builder never fails
	return b.String()
}

// quotedPrintable encodes every byte, as some mailers do, in lines with soft breaks.
func quotedPrintable(text string) string {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	_, _ = w.Write([]byte(text)) // writing to a builder never fails
	_ = w.Close()
	return split(escapeBytes(text, "=%02X"), 3*25, "=\r\n") + "\r\n" + b.String()
}

// issued lists the tokens in the fields of a JSON object, and the cookies, that a response gives to a client.
func (r Response) issued() []string {
	var issued []string
	for _, cookie := range (&http.Response{Header: r.Header}).Cookies() {
		if len(cookie.Value) >= minTokenSize {
			issued = append(issued, cookie.Value)
		}
	}
	var fields map[string]json.RawMessage
	if !bytes.Contains(r.Body, []byte("_token")) || json.Unmarshal(r.Body, &fields) != nil {
		return issued
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		var token string
		if strings.HasSuffix(name, "_token") && json.Unmarshal(fields[name], &token) == nil && token != "" {
			issued = append(issued, token)
		}
	}
	return issued
}

// Echo appends secrets to a text, as a careless system does: those of the request, then those that the fault names. Each one is
// in the encoding of the fault; without one it is raw, URL-encoded and in base64. Empty secrets are skipped.
func (c *Call) Echo(f Fault, text string, secrets ...string) string {
	all := append(slices.Clone(secrets), f.Secret)
	if f.Issued {
		all = append(all, c.host.recorder.Issued()...)
	}
	seen := map[string]bool{"": true}
	for _, secret := range all {
		if seen[secret] {
			continue
		}
		seen[secret] = true
		if f.Encoding != "" {
			text += "; " + f.Encoding.Encode(secret)
			continue
		}
		text += fmt.Sprintf("; %s (%s, %s)", secret, url.QueryEscape(secret), Base64.Encode(secret))
	}
	return text
}

// EchoForm is [Call.Echo] for the secrets in some fields of a form.
func (c *Call) EchoForm(f Fault, text string, form url.Values, fields ...string) string {
	secrets := make([]string, len(fields))
	for i, field := range fields {
		secrets[i] = form.Get(field)
	}
	return c.Echo(f, text, secrets...)
}
