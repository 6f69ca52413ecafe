package connection_test

import (
	"os"
	"path/filepath"
	"reflect"
	"slices"
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

// A newer Terraform asks the provider for the configuration of a query. Terraform writes no block for a null value.
func TestGeneratedConfigurationOfAListHasOneBlock(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	created := p.Create("riva_connection", env.MailValues())
	listed, diagnostics := p.List("riva_connection", nil, true, 100)
	p.Must(diagnostics)
	config := p.Generate("riva_connection", listed[0].Resource)
	var blocks []string
	for _, block := range p.Schema.ResourceSchemas["riva_connection"].Block.BlockTypes {
		if config[block.TypeName] != nil {
			blocks = append(blocks, block.TypeName)
		}
	}
	if !slices.Equal(blocks, []string{"exchange"}) {
		t.Errorf("the generated configuration has the blocks %q", blocks)
	}
	imported, diagnostics := p.Import("riva_connection", created.ID(), nil)
	p.Must(diagnostics)
	planned, diagnostics := p.Plan(imported, config)
	p.Must(diagnostics)
	if !reflect.DeepEqual(planned, imported.State) {
		t.Errorf("the generated configuration plans\n%v\nfrom\n%v", planned, imported.State)
	}
}
