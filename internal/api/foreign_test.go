package api_test

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"unicode"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const (
	sentToken    = "canary-token-51c8e2"
	sentSecret   = "canary-client-secret-9b7d"
	sentPassword = "canary-password-3f60"
)

// hostileText has every secret of a request, and characters that a terminal obeys.
var hostileText = "say \x1b]0;owned\a \u009b31m \u202e " + sentToken + " " + sentSecret + " " + sentPassword + " " +
	base64.StdEncoding.EncodeToString([]byte("client:"+sentSecret)) + " end"

// expectHarmless fails the test if a text has a secret or a character that is not visible.
func expectHarmless(t *testing.T, where, text string) {
	t.Helper()
	for _, secret := range []string{
		sentToken, sentSecret, sentPassword, base64.StdEncoding.EncodeToString([]byte("client:" + sentSecret)),
	} {
		if strings.Contains(text, secret) {
			t.Errorf("%s has the secret %s: %q", where, secret, text)
		}
	}
	if i := strings.IndexFunc(text, func(r rune) bool { return unicode.Is(unicode.C, r) }); i >= 0 {
		t.Errorf("%s has a character that is not visible: %q", where, text)
	}
}

// hostileClient is a client with all kinds of secrets. The control plane issues the token.
func hostileClient(
	t *testing.T, respond func(r *http.Request) (*http.Response, error), change ...func(*api.Options),
) *api.Client {
	t.Helper()
	f := &fakeControlPlane{handle: func(_ int, r *http.Request) (*http.Response, error) {
		if r.URL.Path == "/oauth/token" {
			return response(200, "application/json", `{"access_token":"`+sentToken+`","token_type":"bearer","expires_in":3600}`), nil
		}
		return respond(r)
	}}
	return newClient(t, f, append(change, func(o *api.Options) {
		o.TokenSource = api.ClientCredentials(o.BaseURL, "client", sentSecret, f)
	})...)
}

var submitted = map[string]string{"password": sentPassword}

// calls are the calls with credentials in the body.
var calls = map[string]func(ctx context.Context, c *api.Client) (any, error){
	"create": func(ctx context.Context, c *api.Client) (any, error) {
		return c.CreateConnection(ctx, api.CreateConnection{Credentials: submitted})
	},
	"update": func(ctx context.Context, c *api.Client) (any, error) {
		return c.UpdateConnection(ctx, someID, 1, api.UpdateConnection{Credentials: submitted})
	},
	"credentials": func(ctx context.Context, c *api.Client) (any, error) {
		return c.UpdateCredentials(ctx, someID, 1, api.UpdateCredentials{Credentials: submitted})
	},
	"revalidate": func(ctx context.Context, c *api.Client) (any, error) {
		return c.Revalidate(ctx, someID, 1, api.Revalidate{Credentials: submitted})
	},
	"compare": func(ctx context.Context, c *api.Client) (any, error) {
		return c.Compare(ctx, api.Comparison{ConnectionID: someID, Credentials: submitted})
	},
}

// words fills every text of a value, except that a problem needs its type.
func words(t *testing.T, into any, text string) {
	t.Helper()
	raw, err := json.Marshal(into)
	var filled any
	if err == nil {
		err = json.Unmarshal(raw, &filled)
	}
	if err == nil {
		filled = fill(filled, text)
		raw, err = json.Marshal(filled)
	}
	if err == nil {
		err = json.Unmarshal(raw, into)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func fill(value any, text string) any {
	switch v := value.(type) {
	case string:
		if !strings.HasPrefix(v, "0001-") { // a time
			return text
		}
	case []any:
		for i := range v {
			v[i] = fill(v[i], text)
		}
	case map[string]any:
		for name := range v {
			v[name] = fill(v[name], text)
		}
	}
	return value
}

func hostileFault() *api.Fault {
	return &api.Fault{Code: "x", Title: "x", Message: "x", Field: "x", Help: strings.Split(strings.Repeat("x", 500), "")}
}

func TestProblemOfHostileControlPlaneIsHarmless(t *testing.T) {
	t.Parallel()
	hostile := api.Problem{
		Title: "x", Detail: "x", RequestID: "x", ObjectID: "x", RevalidationID: "x", Fault: hostileFault(),
		Errors: make([]api.ProblemError, 500), Uses: []api.Use{{PolicyID: "x", PolicyName: "x"}},
		Policies: []api.PolicyReference{{ID: "x", Name: "x"}}, Users: []api.UserReference{{ID: "x", Email: "x"}},
	}
	words(t, &hostile, hostileText)
	hostile.Type = api.ProblemTypePrefix + api.ProblemFault
	body, err := json.Marshal(hostile)
	if err != nil {
		t.Fatal(err)
	}
	for name, call := range calls {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := call(t.Context(), hostileClient(t, func(*http.Request) (*http.Response, error) {
				return response(422, "application/problem+json", string(body)), nil
			}))
			p, ok := api.AsProblem(err)
			if !ok || p.Type != hostile.Type {
				t.Fatalf("error %v", err)
			}
			if len(p.Fault.Help) != 20 || len(p.Errors) != 100 || !strings.HasPrefix(p.Title, "say") {
				t.Errorf("%d help steps, %d wrong fields, title %q", len(p.Fault.Help), len(p.Errors), p.Title)
			}
			shown, err := json.Marshal(p)
			if err != nil {
				t.Fatal(err)
			}
			expectHarmless(t, "the problem", unescape(string(shown)))
			expectHarmless(t, "the error", p.Error())
		})
	}
}

// unescape decodes the escapes in which JSON hides some characters.
func unescape(text string) string {
	return strings.NewReplacer(`\u001b`, "\x1b", `\u0007`, "\a", `\u0026`, "&").Replace(text)
}

func TestWordsOfSuccessAreHarmless(t *testing.T) {
	t.Parallel()
	test := &api.TestResult{
		Summary: "x", Fault: hostileFault(), Warnings: []string{"x"}, Checks: []api.Check{{Name: "x", Message: "x"}},
		Identity: &api.Identity{Username: "x", UserID: "x", OrganizationID: "x", OrganizationName: "x", Host: "x"},
	}
	hostile := api.Revalidation{Message: "x", Fault: hostileFault(), Connection: api.Connection{
		NotDeletableReason: "x", Fault: hostileFault(), LastTest: test, Identity: test.Identity, Warnings: []string{"x"},
	}}
	words(t, &hostile, hostileText)
	hostile.Connection.Name, hostile.Connection.Settings = "A name\u200b", map[string]string{"x": sentPassword}
	client := hostileClient(t, func(*http.Request) (*http.Response, error) { return ok(t, hostile), nil })
	got, err := client.Revalidate(t.Context(), someID, 1, api.Revalidate{Credentials: submitted})
	if err != nil {
		t.Fatal(err)
	}
	if got.Connection.Name != "A name\u200b" || !maps.Equal(got.Connection.Settings, hostile.Connection.Settings) {
		t.Errorf("name %q and settings %q must be as they are", got.Connection.Name, got.Connection.Settings)
	}
	if !strings.HasPrefix(got.Connection.LastTest.Fault.Message, "say") {
		t.Errorf("message %q", got.Connection.LastTest.Fault.Message)
	}
	got.Connection.ID, got.Connection.Name, got.Connection.Settings = "", "", nil
	for _, data := range []*string{
		&got.ID, &got.ConnectionID, &got.State, &got.Connection.System, &got.Connection.Kind, &got.Connection.Status,
		&got.Connection.LastTest.ID, &got.Connection.LastTest.ConnectionID, &got.Connection.LastTest.Account,
		&got.Connection.LastTest.Test,
	} {
		*data = "" // data, which stays as it is
	}
	shown, err := json.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	expectHarmless(t, "the response", unescape(string(shown)))
}

// The id and the version of a control plane are in diagnostics.
func TestInstanceIsHarmless(t *testing.T) {
	t.Parallel()
	client := hostileClient(t, func(*http.Request) (*http.Response, error) {
		return ok(t, api.Instance{ID: hostileText, Version: hostileText, Store: hostileText}), nil
	})
	instance, err := client.Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{instance.ID, instance.Version, instance.Store} {
		expectHarmless(t, "the instance", strings.ReplaceAll(text, sentPassword, "")) // not a secret of this request
	}
}

func TestListsAreHarmless(t *testing.T) {
	t.Parallel()
	client := hostileClient(t, func(*http.Request) (*http.Response, error) {
		return ok(t, api.List[api.SyncLog]{Items: []api.SyncLog{{Message: hostileText, Fault: &api.Fault{Message: hostileText}}}}), nil
	})
	logs, err := client.SyncLogs(t.Context(), api.SyncLogFilter{}, 1)
	if err != nil || len(logs) != 1 {
		t.Fatalf("%d logs, error %v", len(logs), err)
	}
	for _, text := range []string{logs[0].Message, logs[0].Fault.Message} {
		expectHarmless(t, "the log", strings.ReplaceAll(text, sentPassword, "")) // not a secret of this request
	}
}

// Searching takes time, and a response can be large.
func TestLargeResponseIsWithheld(t *testing.T) {
	t.Parallel()
	logs := make([]api.SyncLog, 40)
	for i := range logs {
		logs[i].Message = strings.Repeat(fmt.Sprint("part ", i, " of it. "), 5000)
	}
	client := hostileClient(t, func(*http.Request) (*http.Response, error) { return ok(t, api.List[api.SyncLog]{Items: logs}), nil })
	got, err := client.SyncLogs(t.Context(), api.SyncLogFilter{}, len(logs))
	if err != nil || len(got) != len(logs) {
		t.Fatalf("%d logs, error %v", len(got), err)
	}
	first, last := got[0].Message, got[len(got)-1].Message
	if !strings.HasPrefix(first, "part 0 of it.") || len(first) > 500 || last != "text withheld" {
		t.Errorf("the first is %q, the last %q", first, last)
	}
}

func TestErrorsThatQuoteResponseAreHarmless(t *testing.T) {
	t.Parallel()
	for name, respond := range map[string]func(r *http.Request) (*http.Response, error){
		"malformed response": func(*http.Request) (*http.Response, error) {
			return nil, fmt.Errorf("malformed HTTP response \"%s\"", hostileText)
		},
		"malformed redirect": func(*http.Request) (*http.Response, error) {
			return response(302, "text/html", "", "Location", "http://[::1/"+strings.ReplaceAll(hostileText, " ", "/")), nil
		},
		"type": func(*http.Request) (*http.Response, error) { return response(200, "x/"+hostileText, hostileText), nil },
		"request id": func(*http.Request) (*http.Response, error) {
			return response(500, "text/html", "", "X-Request-Id", hostileText), nil
		},
		"time": func(*http.Request) (*http.Response, error) {
			return ok(t, map[string]string{"created_at": hostileText}), nil
		},
		"broken body": func(*http.Request) (*http.Response, error) {
			resp := response(200, "application/json", "")
			resp.Body = io.NopCloser(failingReader{})
			return resp, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var mu sync.Mutex
			var logged []string
			client := hostileClient(t, respond, func(o *api.Options) {
				o.MaxRetries = 0
				o.Log = func(_ context.Context, message string, fields map[string]any) {
					mu.Lock()
					defer mu.Unlock()
					logged = append(logged, fmt.Sprint(message, fields))
				}
			})
			_, err := client.CreateConnection(t.Context(), api.CreateConnection{Credentials: submitted})
			if err == nil {
				t.Fatal("no error")
			}
			expectHarmless(t, "the error", err.Error())
			if p, ok := api.AsProblem(err); ok {
				expectHarmless(t, "the request id", p.RequestID)
			}
			for _, line := range logged {
				expectHarmless(t, "the log", line)
			}
			if len(logged) == 0 {
				t.Error("nothing was logged")
			}
		})
	}
}

type failingReader struct{}

func (failingReader) Read([]byte) (int, error) { return 0, errors.New(hostileText) }

// The transport quotes what a server sends instead of a response.
func TestForeignServerIsQuotedHarmlessly(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		hijacker, _ := w.(http.Hijacker)
		connection, _, err := hijacker.Hijack()
		if err != nil {
			t.Error(err)
			return
		}
		defer connection.Close() //nolint:errcheck // the client has what it needs
		_, _ = io.WriteString(connection, "HTTP/9 "+hostileText+"\r\n\r\n")
	}))
	t.Cleanup(server.Close)
	client, err := api.NewClient(api.Options{
		BaseURL: server.URL, TokenSource: oauth2.StaticTokenSource(&oauth2.Token{AccessToken: sentToken}),
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = client.RunTest(t.Context(), someID, api.RunTest{})
	if err == nil || !strings.Contains(err.Error(), "malformed HTTP") {
		t.Fatalf("error %v", err)
	}
	if text := err.Error(); strings.Contains(text, sentToken) || strings.ContainsAny(text, "\x1b\a\u009b\u202e") {
		t.Errorf("error %q", text)
	}
}

func TestTokenErrorIsHarmless(t *testing.T) {
	t.Parallel()
	for name, body := range map[string]string{
		"code":        `{"error":"invalid_client ` + sentSecret + ` \u001b[2J","error_description":"` + sentSecret + `"}`,
		"page":        "<html>" + sentSecret,
		"broken JSON": `{"access_token":` + sentSecret,
	} {
		for _, status := range []int{200, 401} {
			f := &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
				resp := response(status, "application/json", body)
				resp.Status = fmt.Sprintf("%d %s", status, sentSecret)
				return resp, nil
			}}
			client := newClient(t, f, func(o *api.Options) {
				o.TokenSource = api.ClientCredentials(o.BaseURL, "client", sentSecret, f)
			})
			_, err := client.Instance(t.Context())
			if err == nil {
				t.Fatal("no error")
			}
			expectHarmless(t, name, err.Error())
		}
	}
}

// An error keeps its cause, since callers look at it.
func TestScrubbedErrorKeepsCause(t *testing.T) {
	t.Parallel()
	client := hostileClient(t, func(*http.Request) (*http.Response, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: errReset}
	}, func(o *api.Options) { o.MaxRetries = 0 })
	_, err := client.Instance(t.Context())
	if !errors.Is(err, errReset) || !strings.HasSuffix(err.Error(), "no response: dial tcp: connection reset by peer") {
		t.Errorf("error %v", err)
	}
}

// The client must not damage what a control plane of this project says, even if a password is a short word.
func TestOrdinaryDetailsStayReadable(t *testing.T) {
	t.Parallel()
	detail := "The connection \"Exchange\" cannot be deleted: " + strings.Repeat("a sync policy has used it, and ", 60) + "end."
	client := hostileClient(t, func(*http.Request) (*http.Response, error) {
		body, err := json.Marshal(api.Problem{Type: api.ProblemTypePrefix + api.ProblemConnectionInUse, Detail: detail})
		return response(409, "application/problem+json", string(body)), err
	})
	_, err := client.CreateConnection(t.Context(), api.CreateConnection{Credentials: map[string]string{"password": "x1"}})
	if p, ok := api.AsProblem(err); !ok || p.Detail != detail || p.Title != "Conflict" {
		t.Errorf("error %v", err)
	}
}
