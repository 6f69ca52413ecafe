package sandbox

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"strconv"
	"strings"
)

// Response is the HTTP response of a stand-in.
type Response struct {
	Status int
	Header http.Header
	Body   []byte

	drop bool // close the connection without a response
	cut  bool // send half of the body, then close the connection
	hold bool // with cut: close it when the client has disconnected
}

// HTML returns a response with a page.
func HTML(status int, title, body string) Response {
	page := fmt.Sprintf("<!DOCTYPE html>\n<html><head><title>%s</title></head>\n<body>%s</body></html>\n", title, body)
	header := http.Header{"Content-Type": {"text/html; charset=us-ascii"}}
	return Response{Status: status, Header: header, Body: []byte(page)}
}

// JSON returns a response with value as JSON. The caller's header sets the content type.
func JSON(status int, header http.Header, value any) Response {
	body, err := json.Marshal(value)
	if err != nil { // no caller has such a value
		return Response{Status: http.StatusInternalServerError}
	}
	return Response{Status: status, Header: header, Body: body}
}

// TooManyRequests returns a page with status 429 and the wait of a fault, as proxies in front of a system do.
func TooManyRequests(f Fault) Response {
	response := HTML(http.StatusTooManyRequests, "429 Too Many Requests", "<h1>Too Many Requests</h1>")
	response.Header.Set("Retry-After", f.RetryAfter())
	return response
}

// nestingDepth is a depth of nesting that a careful client does not read to its end.
const nestingDepth = 100_000

// firstMember matches the start of a JSON object with its first member.
var firstMember = regexp.MustCompile(`^{"[^"]*":`)

// Deepen applies [KindDeep] to a JSON object: the value of its first member is then nested 100,000 levels deep.
func (c *Call) Deepen(response Response) Response {
	if _, ok := c.Fault(KindDeep); !ok {
		return response
	}
	start := firstMember.FindString(string(response.Body))
	if start == "" {
		start = `{"value":`
	}
	response.Body = []byte(start + strings.Repeat("[", nestingDepth) + strings.Repeat("]", nestingDepth) + "}")
	return response
}

// DeepXML returns elements nested 100,000 levels deep.
func DeepXML() string {
	return strings.Repeat("<a>", nestingDepth) + strings.Repeat("</a>", nestingDepth)
}

// hugeSize is slightly more than a careful client reads.
const hugeSize = 4<<20 + 512

// padBody inserts white space where XML and JSON allow it. It is in front of the data, so that a reader that stops
// early cannot miss it.
func padBody(body []byte) []byte {
	at := 0
	if end := bytes.Index(body, []byte("?>")); end >= 0 {
		at = end + len("?>")
	}
	space := bytes.Repeat([]byte(" "), hugeSize)
	return bytes.Join([][]byte{body[:at], space, body[at:]}, nil)
}

// titleOpening is the start of a page's title. It has no end, so a reader may search for one to the end of the page.
const titleOpening = "<title"

// manySchemes lists 50,000 authentication schemes. They fit into the 256 KiB that clients read of a header.
func manySchemes() string {
	const schemes = 50_000
	names := make([]string, schemes)
	for i := range names {
		names[i] = strconv.FormatInt(int64(i), 36)
	}
	return strings.Join(names, ",")
}

// write writes the response. The context ends when the client has disconnected.
func (r Response) write(ctx context.Context, w http.ResponseWriter) {
	if r.drop {
		panic(http.ErrAbortHandler) // net/http then closes the connection without a response
	}
	maps.Copy(w.Header(), r.Header)
	// No body is allowed; the Content-Length of a 304 would be that of the full response.
	if r.Status == http.StatusNotModified || r.Status == http.StatusSwitchingProtocols {
		w.WriteHeader(r.Status)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(r.Body)))
	w.WriteHeader(r.Status)
	body := r.Body
	if r.cut {
		body = body[:len(body)/2]
	}
	if _, err := w.Write(body); err != nil {
		return // the client has disconnected
	}
	if r.cut {
		_ = http.NewResponseController(w).Flush() // fails only if the client has disconnected
		if r.hold {
			<-ctx.Done()
		}
		panic(http.ErrAbortHandler)
	}
}
