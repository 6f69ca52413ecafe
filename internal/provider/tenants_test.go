package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// Each tenant has a control plane of its own. The tests of the example run with a mocked provider.
func TestTenantExample(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command("")
	for _, file := range []string{"versions.tf", "main.tf"} { // the example has its own
		if err := os.Remove(filepath.Join(c.Dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(c.Dir, os.DirFS(filepath.Join("..", "..", "examples", "tenants"))); err != nil {
		t.Fatal(err)
	}
	c.Must("get")
	acctest.ExpectOutput(t, c.Must("test"), "2 passed, 0 failed")

	main, err := os.ReadFile(filepath.Join(c.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	service := env.Exchange.Service().Email
	writeMain(t, c, strings.NewReplacer(
		"https://mail.north.example.com/EWS/Exchange.asmx", env.Exchange.URL(), "svc-riva@north.example.com", service,
		"https://mail.south.example.com/EWS/Exchange.asmx", env.Exchange.URL(), "svc-riva@south.example.com", service,
	).Replace(string(main)))
	dir := t.TempDir()
	c.Env = append(c.Env, "TF_VAR_data_dir="+filepath.Join(dir, "data"), "TF_VAR_keyset_dir="+filepath.Join(dir, "keys"),
		`TF_VAR_passwords={"north":"`+env.Password()+`","south":"`+env.Password()+`"}`)
	out := c.Must("apply", "-auto-approve")
	acctest.ExpectOutput(t, out, "7 added, 0 changed, 0 destroyed")
	if strings.Contains(out, "Check block assertion failed") {
		t.Errorf("a check fails:\n%s", out)
	}
	for file := range strings.FieldsSeq(quotation(t, "tenants.md.tmpl")) {
		file = strings.NewReplacer("/srv/riva-keys/", dir+"/keys/", "/srv/riva/", dir+"/data/").Replace(file)
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
	}
	c.Must("plan", "-detailed-exitcode")
}
