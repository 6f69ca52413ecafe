package cli_test

import (
	"encoding/json"
	"io"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded/actor"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// command runs a subcommand on the data directory, as a shell would. In is what a person types.
func (f *fixture) command(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	return execute(t, in, append(args, "--data-dir", f.dataDir, "--keyset", f.keyset)...)
}

func execute(t *testing.T, in string, args ...string) (string, error) {
	t.Helper()
	var out strings.Builder
	command := newCommand(args...)
	command.SetIn(strings.NewReader(in))
	command.SetOut(&out)
	command.SetErr(io.Discard)
	err := command.ExecuteContext(t.Context())
	return out.String(), err
}

// must is command for commands that succeed.
func (f *fixture) must(t *testing.T, in string, args ...string) string {
	t.Helper()
	out, err := f.command(t, in, args...)
	if err != nil {
		t.Fatalf("%v: %v\n%s", args, err, out)
	}
	return out
}

// change changes the control plane through its client.
func (f *fixture) change(t *testing.T, change func(*api.Client) error) {
	t.Helper()
	control, err := embedded.Open(t.Context(), embedded.Options{DataDir: f.dataDir, Keyset: f.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	}()
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	if err == nil {
		err = change(client)
	}
	if err != nil {
		t.Fatal(err)
	}
}

// disable disables the policy "Mail".
func (f *fixture) disable(t *testing.T) {
	t.Helper()
	f.change(t, func(client *api.Client) error {
		policy, err := client.PolicyByName(t.Context(), "Mail")
		if err == nil {
			_, err = client.UpdatePolicy(t.Context(), policy.ID, 0, api.UpdatePolicy{Enabled: new(false)})
		}
		return err
	})
}

// words are the words of the line of a table that begins with a text.
func words(t *testing.T, table, begin string) []string {
	t.Helper()
	for line := range strings.Lines(table) {
		if strings.HasPrefix(line, begin) {
			return strings.Fields(line)
		}
	}
	t.Fatalf("want a line that begins with %q in:\n%s", begin, table)
	return nil
}

func TestConnectionsIsHealthCheck(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	out := f.must(t, "", "connections")
	if got := words(t, out, "NAME"); strings.Join(got, " ") != "NAME SYSTEM STATUS LAST TEST USED BY EXPIRES" {
		t.Errorf("the titles are %q", got)
	}
	got := words(t, out, "Exchange")
	if len(got) != 7 || got[1] != "exchange" || got[2] != "working" || got[3] != "passed" || got[5] != "Mail" || got[6] != "-" {
		t.Errorf("the line is %q", got)
	}

	if err := f.exchange.Down(); err != nil {
		t.Fatal(err)
	}
	out, err := f.command(t, "", "connections", "test", "exchange", "Salesforce")
	title := target.SystemNotAvailable.Title()
	steps := strings.Count(out, "\n  1. ")
	if err == nil || err.Error() != `the test failed: "Exchange"` || strings.Count(out, title) != 1 || steps != 1 ||
		!strings.Contains(out, "Exchange: "+title) || !strings.Contains(out, "  passed  sign_in: ") {
		t.Errorf("error %v, output\n%s", err, out)
	}
	out, err = f.command(t, "", "connections")
	if err == nil || err.Error() != `1 connection does not work: "Exchange"` || !strings.Contains(out, "\nExchange: "+title) {
		t.Errorf("error %v, output\n%s", err, out)
	}
	if got := words(t, out, "Exchange"); got[2] != "failing" || got[3] != "FAILED" {
		t.Errorf("the line is %q", got)
	}
	f.must(t, "", "connections", "--kind", "crm") // the other connection works

	var listed []api.Connection
	out, err = f.command(t, "", "connections", "--json", "--status", "failing")
	if jsonErr := json.Unmarshal([]byte(out), &listed); err == nil || jsonErr != nil || len(listed) != 1 ||
		listed[0].Fault.Code != "system_not_available" {
		t.Errorf("error %v, %v, output\n%s", err, jsonErr, out)
	}

	if err := f.exchange.Up(); err != nil {
		t.Fatal(err)
	}
	f.must(t, "", "connections", "test", "--all")
	f.must(t, "", "connections")
	history := f.must(t, "", "connections", "history", "Exchange")
	if strings.Count(history, "  general  service account  ") != 3 || words(t, history, "2")[1] != "passed" {
		t.Errorf("the history is\n%s", history)
	}
	if out := f.must(t, "", "connections", "history", "Exchange", "--failed"); strings.Count(out, "FAILED") != 1 ||
		strings.Contains(out, "passed") {
		t.Errorf("the failed tests are\n%s", out)
	}
	var tests []api.TestResult
	out = f.must(t, "", "connections", "history", "Exchange", "--passed", "--limit", "1", "--json")
	if err := json.Unmarshal([]byte(out), &tests); err != nil || len(tests) != 1 || !tests[0].Passed {
		t.Errorf("%v, output\n%s", err, out)
	}
}

func TestConnectionTestOfUser(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	out, err := f.command(t, "", "connections", "test", "Exchange", "--test", "calendar", "--user", "unknown@example.com", "--json")
	var results []struct {
		Name string `json:"connection_name"`
		api.TestResult
	}
	if jsonErr := json.Unmarshal([]byte(out), &results); err == nil || jsonErr != nil || len(results) != 1 ||
		results[0].Name != "Exchange" || results[0].Fault.Code != "user_not_found" || results[0].Test != "calendar" {
		t.Errorf("error %v, %v, output\n%s", err, jsonErr, out)
	}
}

func TestConnectionCommandsRejectInvalidInput(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	for _, c := range []struct{ args, want string }{
		{"connections Exchange", `unknown command "Exchange"`},
		{"connections --status broken", "status"},
		{"connections test", "specify connections, by name or id, or --all"},
		{"connections test --all Exchange", "specify connections, by name or id, or --all"},
		{"connections test Nope", `the connection "Nope" does not exist: specify an existing one ("Exchange", "Salesforce")`},
		{"connections test Exchange --test nonsense", "nonsense"},
		{"connections history", "specify one connection"},
		{"connections history Nope", `the connection "Nope" does not exist`},
		{"connections history Exchange --limit 0", "--limit"},
		{"connections history Exchange --passed --failed", "passed failed"},
		{"connections purge", "specify one connection"},
		{"connections purge Nope", `the connection "Nope" does not exist`},
		{"audit Exchange", "unknown command"},
		{"audit --since yesterday", `--since: "yesterday" is neither a time`},
		{"audit --until 1d", `--until: "1d" is neither a time`},
		{"audit --limit 0", "--limit must be from 1 to 10000"},
		{"audit --connection Nope", "for a deleted connection, specify its id with --object"},
	} {
		if out, err := f.command(t, "", strings.Fields(c.args)...); err == nil || !strings.Contains(err.Error(), c.want) || out != "" {
			t.Errorf("%s: error %v, want %q in it, and no output, but got\n%s", c.args, err, c.want, out)
		}
	}
}

func TestPurgeAsksForTheName(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.must(t, "", "run-cycle", "Mail")
	_, err := f.command(t, "Exchange\n", "connections", "purge", "Exchange")
	if err == nil || !strings.Contains(err.Error(), "disable the sync policy") {
		t.Errorf("while the policy is enabled: %v", err)
	}
	f.disable(t)
	for typed, want := range map[string]string{
		"": "nothing was removed", "\n": "nothing was removed", "Salesforce\n": `must be "Exchange"`,
	} {
		out, err := f.command(t, typed, "connections", "purge", "Exchange")
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(out, "Type its name to confirm: ") ||
			!strings.Contains(out, `The sync policy "Mail" used it from `) {
			t.Errorf("%q: error %v, want %q in it; output\n%s", typed, err, want, out)
		}
	}
	out := f.must(t, "exchange\n", "connections", "purge", "Exchange")
	if !strings.Contains(out, `Removed the connection "Exchange" for good.`) {
		t.Errorf("the output is\n%s", out)
	}
	f.must(t, "", "connections", "purge", "salesforce", "--confirm", "Salesforce")
	if out := f.must(t, "", "connections"); out != "No connections.\n" {
		t.Errorf("left:\n%s", out)
	}
	if out := f.must(t, "", "connections", "--json"); out != "[]\n" {
		t.Errorf("left:\n%s", out)
	}
	trail := f.must(t, "", "audit", "--action", "connection.purge")
	if strings.Count(trail, " done ") != 2 || strings.Count(trail, " in_use ") != 1 || strings.Count(trail, " invalid ") != 1 ||
		!strings.Contains(trail, `Exchange; used by "Mail"`) {
		t.Errorf("the audit trail is\n%s", trail)
	}
}

func TestAuditShowsWhoDidWhat(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	who := strings.Fields(actor.Current())[0]
	out := f.must(t, "", "audit", "--connection", "exchange", "--since", "1h")
	got := words(t, out, "2")
	if strings.Count(out, "\n") != 2 || got[1] != who || !strings.Contains(out, "connection.create") ||
		!strings.Contains(out, " Exchange ") || !strings.Contains(out, " done ") {
		t.Errorf("the audit trail of the connection is\n%s", out)
	}
	all := f.must(t, "", "audit")
	if !strings.Contains(all, " policy.create ") || !strings.Contains(all, " user.create ") {
		t.Errorf("the audit trail is\n%s", all)
	}
	var events []api.AuditEvent
	out = f.must(t, "", "audit", "--actor", strings.ToUpper(who), "--outcome", "done", "--limit", "2", "--json")
	if err := json.Unmarshal([]byte(out), &events); err != nil || len(events) != 2 || events[0].Action != "policy.create" {
		t.Errorf("%v, output\n%s", err, out)
	}
	for _, none := range [][]string{{"--until", "1h"}, {"--actor", "nobody-else"}, {"--action", "connection.delete"}} {
		if out := f.must(t, "", append([]string{"audit"}, none...)...); out != "No events.\n" {
			t.Errorf("%v:\n%s", none, out)
		}
	}
}

// Names are foreign text: a name must not control the terminal or change the table.
func TestTablesShowNamesSafely(t *testing.T) {
	t.Parallel()
	f := newFixture(t)
	f.change(t, func(client *api.Client) error {
		c, err := client.ConnectionByName(t.Context(), "Exchange")
		if err == nil {
			_, err = client.UpdateConnection(t.Context(), c.ID, 0, api.UpdateConnection{Name: new("Exchange  of\u00a0Ada")})
		}
		return err
	})
	if out := f.must(t, "", "connections"); !strings.Contains(out, "Exchange of Ada  exchange  ") {
		t.Errorf("the table is\n%s", out)
	}
}

func TestCommandsUseSharedControlPlane(t *testing.T) {
	f := newFixture(t)
	control, err := embedded.Open(t.Context(), embedded.Options{DataDir: f.dataDir, Keyset: f.keyset, Systems: catalog.All()})
	if err != nil {
		t.Fatal(err)
	}
	address, err := url.Parse(embedded.BaseURL)
	if err != nil {
		t.Fatal(err)
	}
	var authorization string
	server := httptest.NewServer(&httputil.ReverseProxy{Transport: control, Rewrite: func(r *httputil.ProxyRequest) {
		r.SetURL(address)
		authorization = r.In.Header.Get("Authorization")
	}})
	t.Cleanup(func() {
		server.Close()
		if err := control.Close(); err != nil {
			t.Error(err)
		}
	})
	t.Setenv("RIVA_ENDPOINT", server.URL)
	for _, name := range []string{"RIVA_DATA_DIR", "RIVA_TOKEN", "RIVA_TOKEN_FILE", "RIVA_CLIENT_ID", "RIVA_CLIENT_SECRET"} {
		t.Setenv(name, "")
	}
	if _, err := execute(t, "", "connections"); err == nil || !strings.Contains(err.Error(), "RIVA_TOKEN") {
		t.Errorf("without credentials: %v", err)
	}
	t.Setenv("RIVA_TOKEN", "static")
	for args, want := range map[string]string{
		"connections": "Exchange", "connections test Exchange": "sign_in", "connections history Exchange": "passed",
		"audit": "connection.create",
	} {
		if out, err := execute(t, "", strings.Fields(args)...); err != nil || !strings.Contains(out, want) {
			t.Errorf("%s: %v\n%s", args, err, out)
		}
	}
	if authorization != "Bearer static" {
		t.Errorf("the token was sent as %q", authorization)
	}
	t.Setenv("RIVA_INSTANCE_ID", "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10")
	if _, err := execute(t, "", "audit"); err == nil || !strings.Contains(err.Error(), "instance id") {
		t.Errorf("another instance: %v", err)
	}
}

func TestCommandsReadTheEnvironmentOfTheProvider(t *testing.T) {
	f := newFixture(t)
	keyset, err := os.ReadFile(f.keyset)
	if err != nil {
		t.Fatal(err)
	}
	home := filepath.Dir(f.dataDir)
	for name, value := range map[string]string{
		"HOME": home, "USERPROFILE": home, "RIVA_DATA_DIR": "~/data", "RIVA_KEYSET": "", "RIVA_KEYSET_JSON": string(keyset),
		"RIVA_ENDPOINT": "",
	} {
		t.Setenv(name, value)
	}
	if out, err := execute(t, "", "connections", "test", "Exchange"); err != nil {
		t.Errorf("%v\n%s", err, out)
	}
	t.Setenv("RIVA_KEYSET_JSON", "{}")
	if _, err := execute(t, "", "connections"); err == nil || !strings.Contains(err.Error(), "RIVA_KEYSET_JSON") {
		t.Errorf("with another keyset: %v", err)
	}
}
