//go:build unix

package checkout_test

import (
	"encoding/json"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// prepareDatabase does what the guide says that a person does once, and gives the pipeline the address for the role with the
// least rights and the keyset.
func (g *gitlab) prepareDatabase(t *testing.T) {
	t.Helper()
	guide, owner := readText(t, "templates/guides/pipelines-postgresql.md.tmpl"), postgrestest.New(t)
	g.command(t)
	lines := fenced(guide, "shell")[0] + "terraform-provider-riva migrate --json >migrated.json\n"
	out, err := g.script(t, "", lines, map[string]string{"RIVA_DATABASE_URL": owner})
	expectOutput(t, out, err, true, "Created the keyset", "Created the tables")
	var migrated struct{ Grants []string }
	must(t, json.Unmarshal([]byte(readText(t, filepath.Join(g.dir, "migrated.json"))), &migrated))

	address, err := url.Parse(owner)
	must(t, err)
	database := strings.TrimPrefix(address.Path, "/")
	statements := strings.Split(strings.ReplaceAll(fenced(guide, "sql")[0], "DATABASE riva ", "DATABASE "+database+" "), ";\n")
	connection, err := pgx.Connect(t.Context(), owner)
	must(t, err)
	for _, statement := range append(statements, migrated.Grants...) {
		_, err := connection.Exec(t.Context(), statement)
		must(t, err)
	}
	must(t, connection.Close(t.Context()))

	settings := address.Query()
	settings.Set("user", storage.RunRole)
	address.RawQuery = settings.Encode()
	g.project["RIVA_DATABASE_URL"] = address.String()
	g.project["RIVA_KEYSET_JSON"] = readText(t, filepath.Join(g.home, "riva-keyset.json"))
	must(t, os.Remove(filepath.Join(g.home, "riva-keyset.json")))
}

// addPolicy adds a sync policy with the connection of the pipeline, for its cycles.
func (g *gitlab) addPolicy(t *testing.T) {
	t.Helper()
	crm, err := salesforce.Start(salesforce.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, crm.Close()) })
	control, err := embedded.Open(t.Context(), embedded.Options{
		DatabaseURL: g.project["RIVA_DATABASE_URL"], KeysetJSON: g.project["RIVA_KEYSET_JSON"], Systems: catalog.All(),
	})
	must(t, err)
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	must(t, err)
	mail, err := client.ConnectionByName(t.Context(), "Exchange")
	must(t, err)
	app := crm.App()
	other, err := client.CreateConnection(t.Context(), api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": crm.LoginURL(), "username": crm.Service().Username, "client_id": app.ConsumerKey,
		},
		Credentials: map[string]string{"private_key": app.PrivateKey},
	})
	must(t, err)
	_, err = client.CreatePolicy(t.Context(), api.CreatePolicy{
		Name: "Mail", CRMConnectionID: &other.ID, EmailConnectionID: &mail.ID, Enabled: true, IntervalSeconds: 3600,
	})
	must(t, err)
	must(t, control.Close())
}

// Runs the jobs of the pipeline without a server, each on a machine that has nothing but its checkout.
func TestPipelineWithoutServer(t *testing.T) {
	t.Parallel()
	g := newGitLab(t, "gitlab-ci-postgresql.yml")
	const secret = "TF_VAR_exchange_password"
	g.prepareDatabase(t)

	out, err := g.job(t, g.pipeline.Plan)
	expectOutput(t, out+g.artifacts["plan.txt"], err, true, "Plan: 1 to add, 0 to change, 0 to destroy.")
	out, err = g.job(t, g.pipeline.Apply)
	expectOutput(t, out, err, true, "1 added, 0 changed, 0 destroyed.")
	for what, text := range map[string]string{"the state": string(g.states.state), "the saved plan": g.artifacts["tfplan"]} {
		for _, secret := range []string{g.project[secret], g.project["RIVA_KEYSET_JSON"], g.project["RIVA_DATABASE_URL"]} {
			if text == "" || strings.Contains(text, secret) {
				t.Errorf("%s is empty, or contains a secret", what)
			}
		}
	}
	out, err = g.job(t, g.pipeline.Health, secret)
	expectOutput(t, out, err, true, "1 passed, 0 failed.")
	g.addPolicy(t)
	out, err = g.job(t, g.pipeline.Cycle, secret)
	expectOutput(t, out, err, true, "Mail")

	must(t, g.exchange.Close())
	out, err = g.job(t, g.pipeline.Health, secret)
	expectOutput(t, out, err, false, "0 passed, 1 failed.")
	out, err = g.job(t, g.pipeline.Cycle, secret)
	expectOutput(t, out, err, false, "System Not Available")
}
