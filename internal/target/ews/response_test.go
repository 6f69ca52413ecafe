package ews_test

import (
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// client makes a client that calls an address without credentials.
func client(t *testing.T, address string) *ews.Client {
	t.Helper()
	network := target.Network{LoopbackHTTP: true, ConnectTimeout: 5 * time.Second, ResponseTimeout: 5 * time.Second}
	caller, err := call.NewClient(network, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(caller.CloseIdleConnections)
	return &ews.Client{
		URL: address, Classifier: call.Classifier{Address: ews.URLField, Errors: ews.Errors()}, AccountField: "username",
		Send: sendWith(caller),
	}
}

func sendWith(client *http.Client) func(*http.Request) (call.Response, error) {
	return func(req *http.Request) (call.Response, error) { return call.Send(client, req) }
}

// requireFault signs in, which must fail, and returns the fault.
func requireFault(t *testing.T, c *ews.Client) *target.Fault {
	t.Helper()
	_, err := c.SignIn(t.Context())
	fault, ok := target.AsFault(err)
	if !ok {
		t.Fatalf("got %v, want a fault", err)
	}
	return fault
}

// respond is a client of a server with a fixed response.
func respond(t *testing.T, status int, header http.Header, body string) *ews.Client {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/xml; charset=utf-8")
		maps.Copy(w.Header(), header)
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}))
	t.Cleanup(server.Close)
	return client(t, server.URL)
}

// envelope is an EWS response in an unknown namespace: only local names count.
func envelope(body string) string {
	return `<?xml version="1.0" encoding="utf-8"?><x:Envelope xmlns:x="urn:x"><x:Body>` + body + `</x:Body></x:Envelope>`
}

// inner is an error with an inner error.
const inner = `<GetFolderResponse><ResponseMessages><GetFolderResponseMessage ResponseClass="Error">` +
	`<MessageText>Failed.</MessageText><ResponseCode>ErrorInternalServerError</ResponseCode><MessageXml>` +
	`<Value Name="InnerErrorResponseCode">ErrorServerBusy</Value><Value Name="BackOffMilliseconds">2500</Value>` +
	`</MessageXml></GetFolderResponseMessage></ResponseMessages></GetFolderResponse>`

func TestUnusualResponses(t *testing.T) {
	t.Parallel()
	folder := func(class, id string) string {
		return `<GetFolderResponse><ResponseMessages><M ResponseClass="` + class + `"><ResponseCode>NoError</ResponseCode><Folders>` +
			`<Folder><FolderId Id="` + id + `"/></Folder></Folders></M></ResponseMessages></GetFolderResponse>`
	}
	for name, test := range map[string]struct {
		status  int
		header  http.Header
		body    string
		want    target.Code
		message string
	}{
		"failure in a failure": {200, nil, envelope(inner), target.Throttled, "Failed."},
		"fault by faultcode": {
			500, nil,
			envelope(`<Fault><faultcode>a:ErrorAccessDenied</faultcode><faultstring>No.</faultstring></Fault>`),
			target.InsufficientPermission, "No. (ErrorAccessDenied)",
		},
		"fault without prefix": {
			500, nil, envelope(`<Fault><faultcode>ErrorAccessDenied</faultcode></Fault>`),
			target.InsufficientPermission, "ErrorAccessDenied",
		},
		"503 of EWS itself": {
			503, nil, envelope(`<Fault><faultcode>s:Server</faultcode><faultstring>Wait.</faultstring></Fault>`),
			target.Throttled, "Wait.",
		},
		"429 with an EWS error": {
			429, http.Header{"Retry-After": {"7"}},
			envelope(`<Fault><faultcode>a:ErrorAccessDenied</faultcode></Fault>`), target.Throttled, "",
		},
		"deep in an envelope": {
			200, nil, envelope(strings.Repeat("<a>", 100) + strings.Repeat("</a>", 100)), target.Misconfigured,
			"64 levels deep",
		},
		"depth bomb": {
			200, nil, envelope(strings.Repeat("<a>", 1_000_000)), target.Misconfigured, "64 levels deep",
		},
		"type declaration": {
			200, nil, `<!DOCTYPE a [<!ENTITY b "c">]>` + envelope(`<a>&b;</a>`), target.Misconfigured,
			"type declaration",
		},
		"unknown entity": {
			200, nil, envelope(`<Fault><faultstring>&b;</faultstring></Fault>`), target.Misconfigured,
			"not the expected XML",
		},
		"other charset": {
			200, nil, `<?xml version="1.0" encoding="utf-7"?><Envelope/>`, target.Misconfigured, "not the expected XML",
		},
		"other document": {200, nil, `<hello/>`, target.Misconfigured, "not the expected XML"},
		"no document":    {200, nil, ``, target.Misconfigured, "with an empty response"},
		"JSON": {
			200, http.Header{"Content-Type": {"application/json"}}, `{"ok":true}`, target.Misconfigured,
			"not the expected XML",
		},
		"half a document": {200, nil, envelope(inner)[:300], target.SystemNotAvailable, "incomplete"},
		"empty body":      {200, nil, envelope(``), target.Misconfigured, "neither success nor failure"},
		"no class": {
			200, nil, envelope(folder("", "id")), target.Misconfigured, "neither success nor failure",
		},
		"success with a 500": {500, nil, envelope(folder("Success", "id")), target.SystemNotAvailable, "HTTP 500"},
		"no folder": {
			200, nil, envelope(`<R><ResponseMessages><M ResponseClass="Success"/></ResponseMessages></R>`),
			target.Misconfigured, "names no folder",
		},
		"endless identifier": {
			200, nil, envelope(folder("Success", strings.Repeat("x", 5000))), target.Misconfigured,
			"names no folder",
		},
		"no mailbox": {
			200, nil, envelope(folder("Success", "id")), target.Misconfigured, "names no mailbox",
		},
		"garbage with a 502": {502, nil, `<hello/>`, target.SystemNotAvailable, "HTTP 502"},
		"garbage with a 401": {401, nil, `<hello/>`, target.GivenCredentials, "HTTP 401"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := requireFault(t, respond(t, test.status, test.header, test.body))
			if got.Code != test.want || !got.Message.Contains(test.message) {
				t.Errorf("got %s (%s), want %s with %q", got.Code, got.Message, test.want, test.message)
			}
		})
	}
	if got := requireFault(t, respond(t, 200, nil, envelope(inner))); got.RetryAfter != 2500*time.Millisecond {
		t.Errorf("got a wait of %s", got.RetryAfter)
	}
}
