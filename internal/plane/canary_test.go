package plane_test

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/canarytest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// filesWith returns the files below a directory that contain one of the texts.
func filesWith(t *testing.T, dir string, texts ...[]byte) (found []string) {
	t.Helper()
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if slices.ContainsFunc(texts, func(text []byte) bool { return bytes.Contains(content, text) }) {
			found = append(found, strings.TrimPrefix(path, dir))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return found
}

// The server logs all statements with their parameters, and keeps statistics of them.
func TestSecretsAreNowhereInPostgres(t *testing.T) {
	t.Parallel()
	cluster := postgrestest.Start(t, "log_statement=all", "log_min_duration_statement=0", "log_error_verbosity=verbose",
		"shared_preload_libraries=pg_stat_statements", "pg_stat_statements.track=all")
	d := storetest.At(t, cluster.Address("postgres"))
	execute(t, d.Address, `CREATE EXTENSION pg_stat_statements`)
	mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
	client := newClient(t, serveOn(t, d))
	secrets := useSecrets(t, client, mail)

	const views = `SELECT concat((SELECT string_agg(query, ' ') FROM pg_stat_activity),
		(SELECT string_agg(query, ' ') FROM pg_stat_statements))`
	execute(t, d.Address, `CHECKPOINT`)
	statistics := []byte(readText(t, d.Address, views))
	username := mail.Service().Email
	for what, text := range map[string]string{"data/base": username, "data/pg_wal": username, "server.log": username} {
		if filesWith(t, filepath.Join(cluster.Dir, what), []byte(text)) == nil {
			t.Errorf("%s does not contain %q, so the search proves nothing", what, text)
		}
	}
	if !bytes.Contains(statistics, []byte("INSERT INTO connections")) {
		t.Error("the statistics have no statements")
	}
	for name, secret := range secrets {
		forms := canarytest.Forms(secret)
		if found := filesWith(t, cluster.Dir, forms...); found != nil {
			t.Errorf("%s is in %q", name, found)
		}
		if slices.ContainsFunc(forms, func(form []byte) bool { return bytes.Contains(statistics, form) }) {
			t.Errorf("%s is in the statistics", name)
		}
	}
}

// useSecrets sends secrets to a control plane in all ways, and returns them by what they are.
func useSecrets(t *testing.T, client *api.Client, mail *exchange.Server) map[string]string {
	t.Helper()
	ctx, password := t.Context(), mail.Service().Password
	connection, err := client.CreateConnection(ctx, mailConnection(mail, "Exchange", password))
	if err != nil {
		t.Fatal(err)
	}
	secrets := map[string]string{
		"the first password": password, "the next password": "canary-next-9d1f77", "a rejected password": "canary-rejected-51bc02",
		"a compared password": "canary-compared-e7a940", "an unverified password": "canary-unverified-0c3d18",
	}
	credentials := func(name string) map[string]string { return map[string]string{"password": secrets[name]} }
	_, err = client.CreateConnection(ctx, mailConnection(mail, "Rejected", secrets["a rejected password"]))
	if !api.IsProblem(err, api.ProblemFault) {
		t.Errorf("a rejected password: %v", err)
	}
	if _, err := client.Compare(ctx, api.Comparison{
		ConnectionID: connection.ID, Credentials: credentials("a compared password"),
	}); err != nil {
		t.Error(err)
	}
	if err := mail.SetPassword(mail.Service().Email, secrets["the next password"]); err != nil {
		t.Fatal(err)
	}
	if _, err := client.RunTest(ctx, connection.ID, api.RunTest{Test: string(target.General)}); err != nil {
		t.Error(err)
	}
	verify := false
	for _, update := range []api.UpdateCredentials{
		{Credentials: credentials("an unverified password"), Verify: &verify}, {Credentials: credentials("the next password")},
	} {
		if _, err := client.UpdateCredentials(ctx, connection.ID, 0, update); err != nil {
			t.Error(err)
		}
	}
	crm, id := rotatingCRM(t, client)
	secrets["the client secret"], secrets["the first refresh token"] = crm.App().Secret, crm.RefreshToken()
	if result, err := client.RunTest(ctx, id, api.RunTest{Test: string(target.General)}); err != nil || !result.Passed {
		t.Errorf("test: %+v, %v", result, err)
	}
	for i, token := range crm.Issued() {
		secrets[fmt.Sprintf("issued token %d", i)] = token
	}
	return secrets
}
