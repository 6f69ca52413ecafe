package connection_test

import (
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// A connection of a newer control plane must not hide the others.
func TestListSkipsUnknownSystems(t *testing.T) {
	t.Parallel()
	env := newGrantsEnvironment(t)
	if _, err := env.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Desk", System: "desk", Settings: map[string]string{"region": "eu"},
		Credentials: map[string]string{"api_key": "right"},
	}); err != nil {
		t.Fatal(err)
	}
	env.CreateMail()
	env.Systems = catalog.All()
	p := env.Protocol()
	listed, diagnostics := p.List("riva_connection", nil, true, 100)
	p.Must(diagnostics)
	if len(listed) != 2 || listed[1].Name != "Exchange" || listed[0].Identity != nil {
		t.Fatalf("listed %+v, want a warning and Exchange", listed)
	}
	text := acctest.DiagnosticText(listed[0].Diagnostics, tfprotov6.DiagnosticSeverityWarning)
	if !acctest.MatchText("Too Old", "Desk", `"desk"`).MatchString(text) {
		t.Errorf("the warning is %q", text)
	}
	if got := p.ListNames("riva_connection", nil, 100); !reflect.DeepEqual(got, []string{"Desk", "Exchange"}) {
		t.Errorf("without values %v are listed", got)
	}
}
