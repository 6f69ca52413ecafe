package cli_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
)

// The first client of a control plane is created where its database is.
func TestClientsOfDatabaseAreManaged(t *testing.T) { //nolint:paralleltest // it sets environment variables
	newDatabase(t)
	mustExecute(t, "migrate")
	created := mustExecute(t, "clients", "create", "pipeline", "--scope", "read,write")
	secret := regexp.MustCompile(`client_secret: (rivacs_\S{43})\n`).FindStringSubmatch(created)
	if len(secret) == 0 || !strings.Contains(created, "client_id: ") {
		t.Fatal(created)
	}
	rotated := mustExecute(t, "clients", "rotate", "PIPELINE", "--overlap", "1h")
	if !strings.Contains(rotated, "client_secret: rivacs_") || strings.Contains(rotated, secret[1]) ||
		!strings.Contains(rotated, "1h0m0s") {
		t.Error(rotated)
	}
	trusted := mustExecute(t, "clients", "trust", "pipeline", "--issuer", "https://token.actions.githubusercontent.com",
		"--audience", "https://riva.example.com", "--subject", "repo:example/infrastructure:ref:refs/heads/main",
		"--claim", "repository_id=123456789", "--scope", "read,write")
	if !strings.Contains(trusted, "repo:example/infrastructure:ref:refs/heads/main") {
		t.Error(trusted)
	}
	mustExecute(t, "clients", "disable", "pipeline")
	table := mustExecute(t, "clients", "list")
	for _, want := range []string{
		"pipeline", "read write", "secret, https://token.actions.githubusercontent.com", "never", "disabled",
	} {
		if !strings.Contains(table, want) {
			t.Errorf("%q is missing in:\n%s", want, table)
		}
	}
	if strings.Contains(table, "rivacs_") {
		t.Error("the list has a secret")
	}
	mustExecute(t, "clients", "enable", "pipeline")
	var list []map[string]any
	if err := json.Unmarshal([]byte(mustExecute(t, "clients", "list", "--json")), &list); err != nil || len(list) != 1 ||
		list[0]["disabled_at"] != nil {
		t.Errorf("%v, %v", list, err)
	}
	for want, args := range map[string][]string{
		"repository_id or repository_owner_id": {
			"trust", "pipeline", "--issuer", "https://token.actions.githubusercontent.com", "--audience", "https://riva.example.com",
			"--subject", "repo:example/infrastructure:*", "--scope", "read",
		},
		`"nobody" does not exist`: {"rotate", "nobody"},
		"is taken":                {"create", "Pipeline", "--scope", "read"},
		"scopes must be":          {"create", "other", "--scope", "everything"},
		"required flag":           {"create", "other"},
	} {
		if out, err := execute(t, "", append([]string{"clients"}, args...)...); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v: %v\n%s", args, err, out)
		}
	}
}
