package catalog_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

// servers is how many servers take turns. To one address, there can be fewer connections in a minute than fuzzing makes.
const servers = 16

// hostile is what the target system answers to every request.
type hostile struct {
	status int
	header http.Header
	body   []byte
}

// Whatever a target system answers, a sign-in ends, and what is shown of it is short, readable and without the secret.
func FuzzSignIn(f *testing.F) {
	fuzztest.Add(f)
	var answer atomic.Pointer[hostile]
	handler := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		h := answer.Load()
		for name, values := range h.header {
			w.Header()[name] = []string{strings.Map(visible, values[0])}
		}
		w.WriteHeader(h.status)
		_, _ = w.Write(h.body)
	})
	addresses := make([]string, servers)
	for i := range addresses {
		server := httptest.NewServer(handler)
		f.Cleanup(server.Close)
		addresses[i] = server.URL
	}
	var number int
	f.Fuzz(func(t *testing.T, status int, header string, body []byte) {
		if status < 200 || status > 599 {
			status = http.StatusInternalServerError
		}
		answer.Store(&hostile{status, fuzztest.Header(header), body})
		for _, system := range catalog.All() {
			number++
			checkSignIn(t, system, addresses[number%servers])
		}
	})
}

// visible drops what a server cannot send in a header.
func visible(r rune) rune {
	if r < ' ' || r == 0x7f {
		return -1
	}
	return r
}

// checkSignIn signs in with the first grant that needs neither a key nor a certificate.
func checkSignIn(t *testing.T, system *target.System, address string) {
	t.Helper()
	a := target.Account{
		System: system, Settings: target.Settings{}, Credentials: target.Credentials{}, Tokens: new(target.Tokens),
		Network: target.Network{LoopbackHTTP: true, ConnectTimeout: 2 * time.Second, ResponseTimeout: 2 * time.Second},
	}
	for _, field := range system.Settings() {
		switch {
		case field.Type == target.URL:
			a.Settings[field.Name] = address
		case field.Type == target.EmailAddress:
			a.Settings[field.Name] = "svc@example.com"
		case field.Required:
			a.Settings[field.Name] = "5a4d0000-7e4a-4000-8000-00000000b001"
		}
	}
	for _, grant := range system.Grants {
		if text := strings.Join(grant.Secrets, " "); strings.Contains(text, "key") {
			continue
		}
		for _, name := range grant.Secrets {
			a.Credentials[name] = fuzztest.Canary
		}
		break
	}
	ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
	defer cancel()
	session, checks, err := call.SignIn(ctx, a)
	if err == nil {
		err = session.Close(ctx)
	}
	for _, check := range checks {
		fuzztest.Check(t, system.Name+" check", check.Message, 1000)
	}
	if err != nil {
		fuzztest.Check(t, system.Name, err.Error(), 1000)
	}
	if fault, ok := target.AsFault(err); ok {
		fuzztest.Check(t, system.Name+" message", fault.Message.String(), 500)
	}
}
