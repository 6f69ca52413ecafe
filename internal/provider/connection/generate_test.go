package connection_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestGeneratedConfigurationHasBlocks(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.CreateMail()
	c := env.Command(importBlock("name=Exchange"))
	c.Must("plan", "-generate-config-out=generated.tf")
	text, err := os.ReadFile(filepath.Join(c.Dir, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	generated := string(text)
	for _, want := range []string{"\n  exchange {\n", "password_wo", "ews_url"} {
		if !strings.Contains(generated, want) {
			t.Errorf("the generated configuration lacks %q:\n%s", want, generated)
		}
	}
	for _, unwanted := range []string{"exchange =", "salesforce", "timeouts"} {
		if strings.Contains(generated, unwanted) {
			t.Errorf("the generated configuration has %q:\n%s", unwanted, generated)
		}
	}
	acctest.ExpectOutput(t, c.Must("apply", "-auto-approve"), "1 imported, 0 added, 0 changed, 0 destroyed")
	c.Must("plan", "-detailed-exitcode")
}
