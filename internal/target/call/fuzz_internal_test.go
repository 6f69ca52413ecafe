package call

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// XML is decoded, or the error is a short sentence of this package.
func FuzzDecodeXML(f *testing.F) {
	for _, body := range []string{
		"", "<a>", "<a/>", `<a><Name>x</Name></a>`, strings.Repeat("<a>", 100), `<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`,
		`<a><Name>&lt;b&gt;&amp;lt;c&amp;gt;&lt;/b&gt;</Name></a>`, "<a b='", "<a>\x00</a>", "<?xml version='1.1'?><a/>", "<a></b>",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var into struct {
			Name string `xml:"Name"`
		}
		if err := DecodeXML(body, &into); err != nil && (len(err.Error()) > 100 || strings.Contains(err.Error(), "\n")) {
			t.Errorf("got %q", err)
		}
	})
}

// A page is described by a short sentence on one line, without half of a title.
func FuzzPage(f *testing.F) {
	for _, body := range []string{
		"<html><title>Sign in</title>", "<!DOCTYPE html><TITLE a='b'>\n x \r\n</TiTLE>", strings.Repeat("<title>", 500), "<title",
		"<html><title>" + strings.Repeat("x", 300) + "</title>", "<html><title>&#x202e;&#0;&lt;</title>",
		"<html><title>\xff</title>", "{}",
		"<html><title>" + strings.Repeat("İ", 50) + "</title>",
	} {
		f.Add(http.StatusOK, "text/html", []byte(body))
		f.Add(-1, "", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		r := Response{
			Status: status, Header: http.Header{"Content-Type": {contentType}}, Body: body,
			URL: &url.URL{Scheme: "https", Host: "h.example.com"},
		}
		if title := r.title(); utf8.RuneCountInString(title) > maxTitle {
			t.Errorf("the title is %q", title)
		}
		text := r.describe().Scrubbed(scrub.New().ScrubTo).String()
		if strings.ContainsAny(text, "\n\r\t\x00") || utf8.RuneCountInString(text) > 10*maxTitle {
			t.Errorf("got %q", text)
		}
		fault := Classifier{Address: "url"}.FaultOf(r, nil)
		if (fault == nil) != (status >= 200 && status <= 299) && status >= 400 {
			t.Errorf("status %d has the fault %v", status, fault)
		}
		if fault != nil && (fault.Code == "" || fault.RetryAfter < 0) {
			t.Errorf("got %+v", fault)
		}
	})
}

func FuzzRetryAfter(f *testing.F) {
	for _, value := range []string{
		"", "120", "-1", " 5 ", "9223372036854775807", "99999999999999999999", "1.5", "Wed, 21 Oct 2115 07:28:00 GMT",
		"Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994", "\x00",
	} {
		f.Add(value)
	}
	f.Fuzz(func(t *testing.T, value string) {
		now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
		if wait := retryAfter(http.Header{"Retry-After": {value}}, now); wait < 0 || wait > maxRetryAfter {
			t.Errorf("%q is a wait of %v", value, wait)
		}
	})
}

// An error of the network becomes a fault with a message on one line.
func FuzzUnreachable(f *testing.F) {
	for _, text := range []string{
		"", "x", "tls: bad", "malformed HTTP response \"\\x00\"", "failed to parse Location header \"https://\": x", "état", "\xff",
		"\n",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		fault := Classifier{Address: "url"}.Unreachable(&url.Error{Op: "Get", URL: "https://h/?secret", Err: errorText(text)})
		if fault.Code != target.SystemNotAvailable && fault.Code != target.Misconfigured {
			t.Errorf("%q is %s", text, fault.Code)
		}
	})
}

type errorText string

func (e errorText) Error() string { return string(e) }
