//go:build unix

package checkout_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// showcase applies examples and pages: it has stand-ins for the target systems, and for each example a control plane with the
// objects that the example refers to.
type showcase struct {
	*checkout
	// variables are those of the stand-ins for Exchange and Salesforce.
	variables map[string]string
	// toStandIns replaces the settings in examples by those of the stand-ins.
	toStandIns *strings.Replacer
}

func newShowcase(t *testing.T) *showcase {
	t.Helper()
	s := &showcase{checkout: newCheckout(t), variables: map[string]string{}}
	s.useProvider(t)
	for _, system := range []string{"exchange", "salesforce"} {
		standIn, _ := standins.Lookup(system)
		server, err := standIn.Start(sandbox.Options{}) // without TLS: the examples have no certificate authority of their own
		must(t, err)
		t.Cleanup(func() { must(t, server.Close()) })
		for _, v := range server.Variables() {
			s.variables[v.Name] = v.Value
		}
	}
	s.toStandIns = strings.NewReplacer(
		"https://mail.example.com/EWS/Exchange.asmx", s.variables["exchange_url"],
		"svc-riva@example.com", s.variables["exchange_username"],
		"  salesforce {\n", "  salesforce {\n    login_url = \""+s.variables["salesforce_login_url"]+"\"\n\n",
		"riva-sync@example.com", s.variables["salesforce_username"],
		"00D5f000000aaaaEAA", s.variables["salesforce_organization_id"],
		"3MVG9…", s.variables["salesforce_client_id"],
	)
	attached := acctest.Reattach(t, vaultAddress, providerserver.NewProtocol6(vault{map[[2]string]map[string]string{
		{"secret", "riva/exchange"}: {"password": s.variables["exchange_password"]},
	}}))
	lines := []string{"TF_REATTACH_PROVIDERS='" + attached + "'", "TF_VAR_riva_client_secret=secret",
		"TF_VAR_state_passphrase=sixteen-letters-or-more"}
	for _, name := range []string{"exchange_password", "salesforce_private_key"} {
		lines = append(lines, "TF_VAR_"+name+"='"+s.variables[name]+"'")
	}
	must(t, os.WriteFile(filepath.Join(s.home, "values"), []byte("export "+strings.Join(lines, " ")+"\n"), 0o600))
	return s
}

// values returns shell commands that set the control plane of an example, and the variables of all examples.
func (*showcase) values(name string) string {
	return ". ~/values\nexport RIVA_DATA_DIR=~/data/" + name + " RIVA_KEYSET=~/keys/" + name + "/keyset.json\n"
}

// database returns shell commands that set a new database, with the keyset of the example, instead of the data directory.
func (s *showcase) database(t *testing.T, name string) string {
	t.Helper()
	address := postgrestest.New(t)
	keyset, err := store.ReadKeyset(filepath.Join(s.home, "keys", name, "keyset.json"))
	must(t, err)
	migrated, err := store.OpenPostgres(t.Context(), address, keyset, nil, store.PostgresOptions{Connections: 1, Migrate: true})
	must(t, err)
	must(t, migrated.Close())
	return "export TF_VAR_riva_database_url='" + address + "' TF_VAR_riva_keyset_json=\"$(cat $RIVA_KEYSET)\"\n" +
		"unset RIVA_DATA_DIR RIVA_KEYSET\n"
}

// expectsExisting reports whether a configuration requires an existing object of a type: it imports one, or creates none.
func expectsExisting(text, kind string) bool {
	return regexp.MustCompile(`\bto += `+kind+`\.`).MatchString(text) || !strings.Contains(text, `resource "`+kind+`"`)
}

// seed creates the objects that a configuration requires. It returns a replacer that replaces the ids in it by the real ones.
func (s *showcase) seed(t *testing.T, name, text string) *strings.Replacer {
	t.Helper()
	client := s.controlPlane(t, name)
	var ids []string
	policy := api.CreatePolicy{Name: "Mail", Enabled: true, IntervalSeconds: 3600}
	if expectsExisting(text, "riva_connection") {
		mail, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Exchange", System: "exchange", Credentials: map[string]string{"password": s.variables["exchange_password"]},
			Settings: map[string]string{"ews_url": s.variables["exchange_url"], "username": s.variables["exchange_username"]},
		})
		must(t, err)
		crm, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "Salesforce", System: "salesforce",
			Credentials: map[string]string{"private_key": s.variables["salesforce_private_key"]},
			Settings: map[string]string{
				"login_url": s.variables["salesforce_login_url"], "username": s.variables["salesforce_username"],
				"client_id": s.variables["salesforce_client_id"],
			},
		})
		must(t, err)
		policy.EmailConnectionID, policy.CRMConnectionID = &mail.ID, &crm.ID
		ids = append(ids, "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10", mail.ID)
	}
	if expectsExisting(text, "riva_sync_policy") {
		policy.Enabled = policy.CRMConnectionID != nil
		created, err := client.CreatePolicy(t.Context(), policy)
		must(t, err)
		ids = append(ids, "0192f0c1-8d11-7c55-8f0e-2b9d1d0c7a41", created.ID)
	}
	if expectsExisting(text, "riva_user") {
		ada, err := client.CreateUser(t.Context(), api.CreateUser{Email: "ada@example.com", Enabled: true})
		must(t, err)
		ids = append(ids, "0192f0c1-9a02-7d3f-b1c4-55e0f2a8c913", ada.ID)
	}
	return strings.NewReplacer(ids...)
}

// controlPlane opens the control plane that values sets, until the test ends.
func (s *showcase) controlPlane(t *testing.T, name string) *api.Client {
	t.Helper()
	control, err := embedded.Open(t.Context(), embedded.Options{
		DataDir: filepath.Join(s.home, "data", name), Keyset: filepath.Join(s.home, "keys", name, "keyset.json"),
		Version: acctest.Version, Systems: catalog.All(), Logger: slog.New(slog.DiscardHandler),
	})
	must(t, err)
	t.Cleanup(func() { must(t, control.Close()) })
	client, err := api.NewClient(api.Options{BaseURL: embedded.BaseURL, Transport: control})
	must(t, err)
	return client
}
