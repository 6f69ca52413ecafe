package sandbox

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// Response is what a stand-in says.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	drop bool // close the connection without an answer
	cut  bool // send half of the body, then close the connection
}

// HTML is an answer with a page.
func HTML(status int, title, body string) Response {
	page := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body>%s</body></html>\n", title, body)
	header := http.Header{"Content-Type": {"text/html; charset=us-ascii"}}
	return Response{Status: status, Header: header, Body: []byte(page)}
}

// JSON is an answer with a value as JSON; the header says of what kind it is.
func JSON(status int, header http.Header, value any) Response {
	body, err := json.Marshal(value)
	if err != nil { // only for a value that no caller has
		return Response{Status: http.StatusInternalServerError}
	}
	return Response{Status: status, Header: header, Body: body}
}

// TooManyRequests is a page of the status 429 with the wait of a fault, as proxies in front of systems throttle.
func TooManyRequests(f Fault) Response {
	answer := HTML(http.StatusTooManyRequests, "429 Too Many Requests", "<h1>Too Many Requests</h1>")
	answer.Header.Set("Retry-After", f.RetryAfter())
	return answer
}

// depth is how deep an answer is nested that a careful client does not read to its end.
const depth = 100_000

// DeepJSON makes an answer's body an object with a property of the name given that is nested 100,000 levels deep.
func DeepJSON(answer Response, name string) Response {
	answer.Body = fmt.Appendf(nil, "{%q:%s%s}", name, strings.Repeat("[", depth), strings.Repeat("]", depth))
	return answer
}

// DeepXML is elements nested 100,000 levels deep.
func DeepXML() string { return strings.Repeat("<a>", depth) + strings.Repeat("</a>", depth) }

// EchoSecrets adds to what is said the secrets that were sent, as a system does that does not look after them: each as it is,
// URL-encoded and in base64. Empty ones are left out.
func EchoSecrets(said string, secrets ...string) string {
	for _, secret := range secrets {
		if secret != "" {
			said += fmt.Sprintf("; %s (%s, %s)", secret, url.QueryEscape(secret), base64.StdEncoding.EncodeToString([]byte(secret)))
		}
	}
	return said
}

// EchoFormSecrets is [EchoSecrets] for the secrets in some fields of a form, with the names of the fields.
func EchoFormSecrets(said string, form url.Values, fields ...string) string {
	for _, field := range fields {
		if secret := form.Get(field); secret != "" {
			said += fmt.Sprintf("; %s %s (%s=%s, %s)", field, secret, field, url.QueryEscape(secret),
				base64.StdEncoding.EncodeToString([]byte(secret)))
		}
	}
	return said
}

// hugeSize is just over what a careful client reads.
const hugeSize = 4<<20 + 512

// padBody puts white space where XML and JSON allow it, and in front of the data, so that it cannot be overlooked by a
// reader that stops early.
func padBody(body []byte) []byte {
	at := 0
	if end := bytes.Index(body, []byte("?>")); end >= 0 {
		at = end + len("?>")
	}
	space := bytes.Repeat([]byte(" "), hugeSize)
	return bytes.Join([][]byte{body[:at], space, body[at:]}, nil)
}

func (a Response) write(w http.ResponseWriter) {
	if a.drop {
		panic(http.ErrAbortHandler) // net/http's way to close a connection without an answer
	}
	maps.Copy(w.Header(), a.Header)
	if a.Status == http.StatusNotModified { // it has no body, and a length would be taken for that of the one it stands for
		w.WriteHeader(a.Status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(a.Body)))
	w.WriteHeader(a.Status)
	body := a.Body
	if a.cut {
		body = body[:len(body)/2]
	}
	if _, err := w.Write(body); err != nil {
		return // the client is gone, and there is nobody left to tell
	}
	if a.cut {
		_ = http.NewResponseController(w).Flush() // the same: only a client that is gone makes this fail
		panic(http.ErrAbortHandler)
	}
}
