package standins_test

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// start starts a stand-in with TLS, so that there is an authority to tell about, and its control endpoint.
func start(t *testing.T, s standins.Entry) (standins.Server, *sandbox.Control) {
	t.Helper()
	server, err := s.Start(sandbox.Options{TLS: &sandbox.TLS{}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	control, err := sandbox.StartControl("127.0.0.1:0", server)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	return server, control
}

// each runs a test with every stand-in.
func each(t *testing.T, test func(*testing.T, standins.Entry, standins.Server, *sandbox.Control)) {
	t.Helper()
	for _, s := range standins.All() {
		t.Run(s.Name, func(t *testing.T) {
			t.Parallel()
			server, control := start(t, s)
			test(t, s, server, control)
		})
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	var names []string
	for _, s := range standins.All() {
		names = append(names, s.Name)
		if found, ok := standins.Lookup(s.Name); !ok || found.Name != s.Name {
			t.Errorf("%s is not found by its name", s.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("not in order, or twice: %v", names)
	}
	if _, ok := standins.Lookup("no_such_system"); ok {
		t.Error("a system is found that is not there")
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s standins.Entry, server standins.Server, _ *sandbox.Control) {
		if server.Name() != s.Name {
			t.Errorf("it says it is %q", server.Name())
		}
		if title := server.Title(); title == "" || strings.ContainsAny(title, "\n.") {
			t.Errorf("the title is no line: %q", title)
		}
		for _, site := range s.Sites {
			if !strings.HasPrefix(server.URLOf(site), "https://127.0.0.1:") {
				t.Errorf("the site %s is at %q", site, server.URLOf(site))
			}
		}
		names, secrets := map[string]bool{}, 0
		for _, v := range server.Variables() {
			if !strings.HasPrefix(v.Name, s.Name+"_") || names[v.Name] || v.Value == "" {
				t.Errorf("the variable %s needs the system's name in front, a value, and to be there once", v.Name)
			}
			names[v.Name] = true
			if v.Secret && !v.Alternative {
				secrets++
			}
		}
		if secrets == 0 || !names[s.Name+"_ca_certificate"] {
			t.Errorf("nothing secret to sign in with, or no authority to trust: %v", names)
		}
	})
}

// The control endpoint is for everybody on the machine: it tells of the users, and of no secret.
func TestState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ standins.Entry, server standins.Server, _ *sandbox.Control) {
		state, err := json.Marshal(server.State())
		if err != nil {
			t.Fatal(err)
		}
		for _, email := range standins.Users() {
			if !strings.Contains(string(state), `"`+email+`"`) {
				t.Errorf("it does not tell of %s", email)
			}
		}
		for _, v := range server.Variables() {
			quoted, err := json.Marshal(v.Value)
			if err != nil {
				t.Fatal(err)
			}
			if v.Secret && strings.Contains(string(state), strings.Trim(string(quoted), `"`)) {
				t.Errorf("it tells %s", v.Name)
			}
		}
	})
}

func TestExamplesWork(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s standins.Entry, server standins.Server, control *sandbox.Control) {
		orders := server.Examples()
		if len(orders) < 2 || len(orders) > 4 {
			t.Errorf("%d orders; a person reads two to four", len(orders))
		}
		for _, order := range orders {
			if !strings.HasPrefix(order.Path, "/"+s.Name) || order.What == "" {
				t.Errorf("an order needs a path of the system and words: %+v", order)
			}
			send(t, control, order)
			send(t, control, sandbox.ControlExample{Method: http.MethodPost, Path: "/" + s.Name + "/reset"})
		}
	})
}

func send(t *testing.T, control *sandbox.Control, order sandbox.ControlExample) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), order.Method, control.URL()+order.Path, strings.NewReader(order.Body))
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	defer transport.CloseIdleConnections()
	response, err := (&http.Client{Transport: transport}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err != nil || response.Body.Close() != nil || response.StatusCode != http.StatusOK {
		t.Errorf("%s: %d %s (%v)", order.What, response.StatusCode, body, err)
	}
}

// What a changed secret opens is for each system's own tests; here, that it is told as the contract says.
func TestChangedSecrets(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ standins.Entry, server standins.Server, _ *sandbox.Control) {
		changer, ok := server.(standins.SecretChanger)
		if !ok {
			return
		}
		before := server.Variables()
		changed, err := changer.ChangeSecret()
		if err != nil {
			t.Fatal(err)
		}
		for i, now := range server.Variables() {
			told := slices.Contains(changed, now)
			if different := now != before[i]; different != told {
				t.Errorf("%s is another (%v), and it is told (%v)", now.Name, different, told)
			}
		}
		if len(changed) == 0 {
			t.Error("nothing was changed")
		}
	})
}
