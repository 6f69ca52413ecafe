package call_test

import (
	"encoding/json"
	"html"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestTitleOfPage(t *testing.T) {
	t.Parallel()
	const none = "with a web page instead of data."
	htmlType := http.Header{"Content-Type": {"text/html"}}
	for name, test := range map[string]struct{ page, message string }{
		"with attributes":       {`<TITLE lang="en">Sign &lt;in&gt;</TITLE >`, `the web page "Sign <in>" instead`},
		"after invalid UTF-8":   {"\xff\xfe\u0130<title>Sign in</title>", `the web page "Sign in" instead`},
		"in other letters":      {"<title>Přihlásit</title>", `the web page "Přihlásit" instead`},
		"longest":               {"<title>" + strings.Repeat("ä", 200) + "</title>", "ää"},
		"too long":              {"<title>" + strings.Repeat("ä", 201) + "</title>", none},
		"empty":                 {"<title></title>", none},
		"without an end":        {"<title>Sign in", none},
		"in the first 64 KiB":   {strings.Repeat(" ", 64<<10-23) + "<title>Sign in</title>", "Sign in"},
		"after the first":       {strings.Repeat(" ", 64<<10) + "<title>Sign in</title>", none},
		"4 MiB of openings":     {strings.Repeat("<title", 4<<20/6), none},
		"4 MiB of whole titles": {strings.Repeat("<title>", 4<<20/7), none},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			fault := classifier().FaultOf(response(http.StatusOK, htmlType, test.page), nil)
			if fault == nil || !fault.Message.Contains(test.message) {
				t.Errorf("got %v, want %q", fault, test.message)
			}
		})
	}
}

// The page is as large as a response may be. It used to cost seconds.
func BenchmarkTitleOfPage(b *testing.B) {
	page := response(http.StatusOK, http.Header{"Content-Type": {"text/html"}}, strings.Repeat("<title", 4<<20/6))
	for b.Loop() {
		_ = classifier().FaultOf(page, nil)
	}
}

// What a response says is shown, if it is a page without a title or text.
func TestWordsOfResponse(t *testing.T) {
	t.Parallel()
	htmlType := http.Header{"Content-Type": {"text/html"}}
	long := strings.Repeat("word ", 2000)
	for name, test := range map[string]struct {
		status  int
		header  http.Header
		body    string
		message string
	}{
		"page": {
			403, htmlType, "<html><head><style>p{}</style><script>a='<b>'</script></head><body><h1>Access\n denied</h1><p>Id: 7 &amp; 8",
			`HTTP 403 Forbidden with a web page instead of data: "Access denied Id: 7 & 8".`,
		},
		"page after a mark": {403, nil, "\uFEFF<!DOCTYPE html><p>Blocked", `with a web page instead of data: "Blocked".`},
		"page with hidden text": {
			403, htmlType, "<!-- one --><title></title><template>two</template><script>three", "with a web page instead of data.",
		},
		"long page":      {403, htmlType, long, `: "` + strings.TrimSpace(long[:200]) + `…".`},
		"text":           {500, nil, "The key file\nis not readable. ", `Server Error: "The key file is not readable.".`},
		"text with tags": {502, nil, "Blocked by <b>policy</b>", `: "Blocked by policy".`},
		"message of PHP": {
			500, nil, "<br />\n<b>Fatal error</b>:  x in <b>/a.php</b> on line <b>1</b><br />\n",
			`: "Fatal error : x in /a.php on line 1".`,
		},
		"text in success":   {200, nil, "It works", `HTTP 200 OK: "It works". The response is odd.`},
		"token in success":  {200, nil, strings.Repeat("x", 31), "HTTP 200 OK. The response is odd."},
		"form":              {400, nil, "access_token=x&refresh_token=y", "HTTP 400 Bad Request."},
		"JSON":              {403, nil, `{"message":"Forbidden"}`, `HTTP 403 Forbidden: "Forbidden".`},
		"JSON without text": {500, nil, `{"code":7,"message":null}`, "HTTP 500 Internal Server Error."},
		"JSON as a page":    {500, htmlType, `[{"errors":[{"text":"One"},"two"],"c":{"Title":"three"}}]`, `Error: "One; two; three".`},
		"JSON with values":  {400, nil, `{"error":{"id":"x","scope":["y"],"reason":"Odd"}}`, `Bad Request: "Odd".`},
		"JSON with a mark":  {401, nil, "\uFEFF{\"error\":{\"text\":\"Invalid key\"}", `HTTP 401 Unauthorized: "Invalid key".`},
		"JSON with a token": {500, nil, `{"token":"` + strings.Repeat("x", 31) + `","text":"Odd"}`, `Error: "Odd".`},
		"JSON in success":   {200, nil, `{"token":"x"}`, "HTTP 200 OK. The response is odd."},
		"text in JSON":      {401, nil, `"Unauthorized"`, `HTTP 401 Unauthorized: "Unauthorized".`},
		"XML":               {403, nil, `<?xml version="1.0"?><Error><Text>Denied</Text></Error>`, `HTTP 403 Forbidden: "Denied".`},
		"XML in success":    {200, nil, `<a>x</a>`, "HTTP 200 OK. The response is odd."},
		"binary":            {500, nil, "PK\x00\x01 x", "HTTP 500 Internal Server Error."},
		"empty":             {500, nil, "", "crm.example.com returned HTTP 500 Internal Server Error with an empty response."},
		"white space":       {401, nil, "\r\n ", "HTTP 401 Unauthorized with an empty response."},
		"mark only, a page": {403, htmlType, "\uFEFF", "HTTP 403 Forbidden with an empty response."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := response(test.status, test.header, test.body)
			fault := classifier().FaultOf(r, nil)
			if fault == nil {
				fault = classifier().UnusableResponse(r, "odd")
			}
			if !strings.HasSuffix(fault.Message.String(), test.message) {
				t.Errorf("got %q, want %q", fault.Message, test.message)
			}
		})
	}
}

// An empty response is called empty once.
func TestEmptyResponseIsUnreadable(t *testing.T) {
	t.Parallel()
	r := response(http.StatusOK, nil, "\n")
	const want = "crm.example.com returned HTTP 200 OK with an empty response."
	for _, err := range []error{call.DecodeJSON(r.Body, new(any)), call.DecodeXML(r.Body, new(struct{}))} {
		if got := classifier().UnreadableResponse(r, err).Message.String(); got != want {
			t.Errorf("got %q", got)
		}
	}
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// Secrets are searched before tags are removed and the text is cut.
func TestWordsOfResponseAreScrubbed(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{"canary-bird", "can<b>ary</b>-bird", "can&ary;-bird", "canary <!-- bird -->"} {
		for _, page := range []string{
			"<html><p>The password " + secret + " is wrong", "<html><p>The password " + html.EscapeString(secret) + " is wrong",
			"The password " + secret + " is wrong", strings.Repeat(" ", 4096-len("password ")-6) + "password " + secret,
			"<html>" + strings.Repeat("word ", 38) + secret, asJSON(t, map[string]string{"text": "The password " + secret + " is wrong"}),
			asJSON(t, []string{"The password", secret}), asJSON(t, "The password "+secret),
		} {
			a := failingAccount(classifier().FaultOf(response(http.StatusInternalServerError, nil, page), nil))
			a.Credentials = target.Credentials{"password": secret}
			_, _, err := call.SignIn(t.Context(), a)
			for _, part := range []string{"can", "ary", "bird"} {
				if err == nil || strings.Contains(err.Error(), part) {
					t.Errorf("%.60q: got %v", page, err)
				}
			}
		}
	}
}
