package oauth_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// endpoint is a token endpoint with a fixed response, and a function that returns the forms that it received.
func endpoint(t *testing.T, status int, body string) (oauth.Endpoint, func() []url.Values) {
	t.Helper()
	forms := make(chan url.Values, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := r.ParseForm(); err != nil || r.Header.Get("Authorization") != "" {
			t.Errorf("want a form without a header: %v", err)
		}
		forms <- r.PostForm
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		_, _ = fmt.Fprint(w, body)
	}))
	t.Cleanup(server.Close)
	client, err := call.NewClient(target.Network{LoopbackHTTP: true}, "")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(client.CloseIdleConnections)
	e := oauth.Endpoint{
		URL: server.URL + "/token", Client: client, ClientID: "id", ClientSecret: "s&cret",
		Classifier: call.Classifier{Address: "url", Errors: errortable.New(
			errortable.Row{Code: "invalid_grant", Fault: target.GivenCredentials, Certain: true},
		)},
	}
	return e, func() []url.Values {
		var all []url.Values
		for range len(forms) {
			all = append(all, <-forms)
		}
		return all
	}
}

// refreshToken is the field of the accounts here.
const refreshToken = "refresh_token"

// withRefreshToken is an account with a refresh token.
func withRefreshToken(secret string) target.Account {
	return target.Account{Credentials: target.Credentials{refreshToken: secret}, Tokens: new(target.Tokens)}
}

// grants are the grants of an endpoint.
func grants(e oauth.Endpoint) map[string]func(context.Context) (*oauth2.Token, error) {
	return map[string]func(context.Context) (*oauth2.Token, error){
		"client_credentials": e.ClientCredentials,
		"refresh_token": func(ctx context.Context) (*oauth2.Token, error) {
			return e.Refresh(ctx, withRefreshToken("old"), refreshToken)
		},
		"urn:ietf:params:oauth:grant-type:jwt-bearer": func(ctx context.Context) (*oauth2.Token, error) {
			return e.Assertion(ctx, "a.b.c")
		},
		"password": func(ctx context.Context) (*oauth2.Token, error) {
			return e.Password(ctx, "us+er@example.com", "p&ss")
		},
	}
}

func TestForms(t *testing.T) {
	t.Parallel()
	e, forms := endpoint(t, http.StatusOK, `{"access_token":"t","token_type":"Bearer","expires_in":3600,"extra":"x"}`)
	for grant, fetch := range grants(e) {
		token, err := fetch(t.Context())
		if err != nil || token.AccessToken != "t" || token.Expiry.IsZero() || token.Extra("extra") != "x" {
			t.Fatalf("%s: got %+v, %v", grant, token, err)
		}
		got := forms()
		want := map[string]string{
			"client_credentials": "client_id=id&client_secret=s%26cret&grant_type=client_credentials",
			"refresh_token":      "client_id=id&client_secret=s%26cret&grant_type=refresh_token&refresh_token=old",
			"password": "client_id=id&client_secret=s%26cret&grant_type=password&password=p%26ss&" +
				"username=us%2Ber%40example.com",
		}[grant]
		if want == "" {
			want = "assertion=a.b.c&grant_type=" + url.QueryEscape(grant)
		}
		if len(got) != 1 || got[0].Encode() != want {
			t.Errorf("%s: got %v, want %s", grant, got, want)
		}
	}
}

// The values of Form are sent with every grant.
func TestFormIsSentWithEveryGrant(t *testing.T) {
	t.Parallel()
	e, forms := endpoint(t, http.StatusOK, `{"access_token":"t"}`)
	e.ClientSecret = ""
	e.Form = url.Values{"scope": {"a b"}, "client_assertion": {"x.y.z"}}
	for grant, fetch := range grants(e) {
		if _, err := fetch(t.Context()); err != nil {
			t.Fatalf("%s: %v", grant, err)
		}
		got := forms()
		if len(got) != 1 || got[0].Get("grant_type") != grant || got[0].Get("scope") != "a b" ||
			got[0].Get("client_assertion") != "x.y.z" || got[0].Has("client_secret") {
			t.Errorf("%s: got %v", grant, got)
		}
	}
	if len(e.Form) != 2 {
		t.Errorf("the form was changed: %v", e.Form)
	}
}

// ParseError of a system is used first; other errors are classified as usual.
func TestParseErrorComesFirst(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]target.Code{
		`{"title":"locked_out"}`:     target.GivenCredentials,
		`{"title":"unheard of"}`:     target.InsufficientPermission,
		`{"error":"invalid_grant"}`:  target.GivenCredentials,
		`{"access_token":"t","x":1}`: target.InsufficientPermission, // the status decides
	} {
		e, _ := endpoint(t, http.StatusForbidden, body)
		e.Classifier.Errors = e.Classifier.Errors.With(
			errortable.Row{Code: "locked_out", Fault: target.GivenCredentials, Certain: true})
		e.ParseError = func(r call.Response) *call.SystemError {
			var said struct{ Title string }
			if err := json.Unmarshal(r.Body, &said); err != nil {
				t.Error(err)
			}
			if said.Title == "" {
				return nil
			}
			return &call.SystemError{Code: said.Title}
		}
		_, err := e.ClientCredentials(t.Context())
		if fault, ok := target.AsFault(err); !ok || fault.Code != want {
			t.Errorf("%s: got %v", body, err)
		}
	}
}

// A rejected signature reports different clocks, since they are a frequent reason.
func TestRejectedSignatureReportsClockSkew(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		date    time.Duration
		signed  bool
		message string
	}{
		"assertion, ahead":  {-time.Hour, true, "ahead of the system's"},
		"assertion, behind": {time.Hour, true, "behind the system's"},
		"assertion, near":   {30 * time.Second, true, ""},
		"secret, far":       {time.Hour, false, ""},
	} {
		server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Date", time.Now().Add(test.date).UTC().Format(http.TimeFormat))
			w.WriteHeader(http.StatusBadRequest)
			_, _ = fmt.Fprint(w, `{"error":"invalid_grant"}`)
		}))
		t.Cleanup(server.Close)
		e, _ := endpoint(t, http.StatusOK, "")
		e.URL = server.URL
		fetches := []func() (*oauth2.Token, error){func() (*oauth2.Token, error) { return e.ClientCredentials(t.Context()) }}
		if test.signed {
			e.Form = url.Values{"client_assertion": {"x.y.z"}}
			fetches = append(fetches, func() (*oauth2.Token, error) {
				plain := e
				plain.Form = nil
				return plain.Assertion(t.Context(), "a.b.c")
			})
		}
		for _, fetch := range fetches {
			_, err := fetch()
			fault, ok := target.AsFault(err)
			if !ok || fault.Message.Contains("clock") != (test.message != "") || !fault.Message.Contains(test.message) {
				t.Errorf("%s: got %v", name, err)
			}
		}
	}
}

// A token after a byte order mark, or after messages of PHP, is used and masked.
func TestTokenAfterOtherText(t *testing.T) {
	t.Parallel()
	for _, before := range append(conformance.PHPNotices(), "\uFEFF") {
		e, _ := endpoint(t, http.StatusOK, before+`{"access_token":"t","refresh_token":"r"}`)
		e.Tokens = new(target.Tokens)
		token, err := e.ClientCredentials(t.Context())
		if err != nil || token.AccessToken != "t" {
			t.Errorf("%q: got %+v, %v", before, token, err)
		}
		if masked := slices.Sorted(maps.Values(e.Tokens.Secrets())); !slices.Equal(masked, []string{"r", "t"}) {
			t.Errorf("%q: masks %q", before, masked)
		}
	}
}

// A rejected secret is sent once: systems count failed sign-ins.
func TestRejectionsAreNotRetried(t *testing.T) {
	t.Parallel()
	e, forms := endpoint(t, http.StatusUnauthorized, `{"error":"invalid_grant","error_description":"no"}`)
	for grant, fetch := range grants(e) {
		_, err := fetch(t.Context())
		fault, ok := target.AsFault(err)
		if !ok || fault.Code != target.GivenCredentials || fault.Message.String() != "no (invalid_grant)" {
			t.Errorf("%s: got %v", grant, err)
		}
		if got := forms(); len(got) != 1 {
			t.Errorf("%s: sent %d times", grant, len(got))
		}
	}
}

// The library's errors contain complete responses, which may contain tokens.
func TestErrorsContainNoResponse(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"access_token":7,"refresh_token":"canary"}`, `{"refresh_token":"canary"}`, `{"error":"x","refresh_token":"canary"}`,
		`access_token=7&refresh_token=canary`,
	} {
		e, _ := endpoint(t, http.StatusBadRequest, body)
		for grant, fetch := range grants(e) {
			_, err := fetch(t.Context())
			if _, ok := errors.AsType[*oauth2.RetrieveError](err); ok || strings.Contains(fmt.Sprintf("%+v", err), "canary") {
				t.Errorf("%s: got %+v", grant, err)
			}
		}
	}
}

func TestRefreshStoresRotatedToken(t *testing.T) {
	t.Parallel()
	for body, want := range map[string]string{
		`{"access_token":"t"}`: "old", `{"access_token":"t","refresh_token":"new"}`: "new",
		`{"access_token":"t","refresh_token":"old"}`:                                 "old",
		`{"access_token":"t","refresh_token":"a\r\nb"}`:                              "old",
		`{"access_token":"t","refresh_token":"` + strings.Repeat("a", 20_000) + `"}`: "old",
	} {
		e, forms := endpoint(t, http.StatusOK, body)
		a := withRefreshToken("old")
		for i := range 2 {
			if _, err := e.Refresh(t.Context(), a, refreshToken); err != nil {
				t.Fatalf("refresh %d, %.80s: %v", i, body, err)
			}
		}
		sent := forms()
		if sent[0].Get("refresh_token") != "old" || sent[1].Get("refresh_token") != want {
			t.Errorf("%.80s: sent %v, want old and %q", body, sent, want)
		}
		if got := a.Tokens.Rotated()[refreshToken]; got != want && (got != "" || want != "old") {
			t.Errorf("%.80s: rotated %q, want %q", body, got, want)
		}
		masked := slices.Collect(maps.Values(a.Tokens.Secrets()))
		if !slices.Contains(masked, "old") || !slices.Contains(masked, want) {
			t.Errorf("%.80s: masks %q", body, masked)
		}
	}
}

func TestRejectedRefreshStoresNothing(t *testing.T) {
	t.Parallel()
	e, _ := endpoint(t, http.StatusBadRequest, `{"error":"invalid_grant","refresh_token":"new"}`)
	a := withRefreshToken("old")
	_, err := e.Refresh(t.Context(), a, refreshToken)
	if fault, ok := target.AsFault(err); !ok || fault.Code != target.GivenCredentials || a.Tokens.Rotated() != nil {
		t.Errorf("got %v, rotated %v", err, a.Tokens.Rotated())
	}
}

func TestBearerRetriesOnce(t *testing.T) {
	t.Parallel()
	ended, other := errors.New("ended"), errors.New("other")
	for name, test := range map[string]struct {
		responses []error
		want      error
		fetches   int64
	}{
		"good":          {[]error{nil}, nil, 1},
		"other failure": {[]error{other}, other, 1},
		"ended":         {[]error{ended, nil}, nil, 2},
		"ended twice":   {[]error{ended, ended}, ended, 2},
		"ended, other":  {[]error{ended, other}, other, 2},
	} {
		var fetches atomic.Int64
		bearer := oauth.Bearer{Tokens: new(target.Tokens), Fetch: func(context.Context) (*oauth2.Token, error) {
			return &oauth2.Token{AccessToken: strconv.FormatInt(fetches.Add(1), 10)}, nil
		}}
		calls := 0
		err := bearer.Do(t.Context(), func(token *oauth2.Token) error {
			calls++
			if token.AccessToken != strconv.Itoa(calls) {
				t.Errorf("%s: call %d with token %s", name, calls, token.AccessToken)
			}
			return test.responses[calls-1]
		}, func(err error) bool { return errors.Is(err, ended) })
		if !errors.Is(err, test.want) || calls != len(test.responses) || fetches.Load() != test.fetches {
			t.Errorf("%s: got %v after %d calls and %d fetches", name, err, calls, fetches.Load())
		}
	}
}
