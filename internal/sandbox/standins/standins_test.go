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

// start starts a stand-in with TLS, so that the variables include its certificate authority, and its control endpoint.
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
			t.Errorf("Lookup does not find %s", s.Name)
		}
	}
	if !slices.IsSorted(names) || len(slices.Compact(slices.Clone(names))) != len(names) {
		t.Errorf("the names are not sorted, or one is there twice: %v", names)
	}
	if _, ok := standins.Lookup("no_such_system"); ok {
		t.Error("Lookup finds a system that does not exist")
	}
}

func TestVariables(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s standins.Entry, server standins.Server, _ *sandbox.Control) {
		if server.Name() != s.Name {
			t.Errorf("the name is %q", server.Name())
		}
		if title := server.Title(); title == "" || strings.ContainsAny(title, "\n.") {
			t.Errorf("the title is not a single line: %q", title)
		}
		for _, site := range s.Sites {
			if !strings.HasPrefix(server.URLOf(site), "https://127.0.0.1:") {
				t.Errorf("the site %s is at %q", site, server.URLOf(site))
			}
		}
		names, secrets := map[string]bool{}, 0
		for _, v := range server.Variables() {
			if !strings.HasPrefix(v.Name, s.Name+"_") || names[v.Name] || v.Value == "" {
				t.Errorf("the variable %s needs the system's name as its prefix, a value, and a name of its own", v.Name)
			}
			names[v.Name] = true
			if v.Secret && !v.Alternative {
				secrets++
			}
		}
		if secrets == 0 || !names[s.Name+"_ca_certificate"] {
			t.Errorf("no secret to sign in with, or no certificate authority: %v", names)
		}
	})
}

// The control endpoint is open to every user of the machine: it shows the users of the stand-in, and no secret.
func TestState(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, _ standins.Entry, server standins.Server, _ *sandbox.Control) {
		state, err := json.Marshal(server.State())
		if err != nil {
			t.Fatal(err)
		}
		for _, email := range standins.Users() {
			if !strings.Contains(string(state), `"`+email+`"`) {
				t.Errorf("the state does not contain %s", email)
			}
		}
		for _, v := range server.Variables() {
			quoted, err := json.Marshal(v.Value)
			if err != nil {
				t.Fatal(err)
			}
			if v.Secret && strings.Contains(string(state), strings.Trim(string(quoted), `"`)) {
				t.Errorf("the state contains the secret %s", v.Name)
			}
		}
	})
}

func TestExamplesWork(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, s standins.Entry, server standins.Server, control *sandbox.Control) {
		examples := server.Examples()
		if len(examples) < 2 || len(examples) > 4 {
			t.Errorf("%d examples; want two to four", len(examples))
		}
		for _, example := range examples {
			if !strings.HasPrefix(example.Path, "/"+s.Name) || example.What == "" {
				t.Errorf("an example needs a path of the system and a description: %+v", example)
			}
			send(t, control, example)
			send(t, control, sandbox.ControlExample{Method: http.MethodPost, Path: "/" + s.Name + "/reset"})
		}
	})
}

func send(t *testing.T, control *sandbox.Control, example sandbox.ControlExample) {
	t.Helper()
	request, err := http.NewRequestWithContext(
		t.Context(), example.Method, control.URL()+example.Path, strings.NewReader(example.Body))
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
		t.Errorf("%s: %d %s (%v)", example.What, response.StatusCode, body, err)
	}
}

// The tests of each system check what a changed secret signs in to. This test checks the contract of ChangeSecret.
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
			returned := slices.Contains(changed, now)
			if different := now != before[i]; different != returned {
				t.Errorf("%s changed: %v; returned by ChangeSecret: %v", now.Name, different, returned)
			}
		}
		if len(changed) == 0 {
			t.Error("ChangeSecret changed nothing")
		}
	})
}
