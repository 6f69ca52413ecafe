package database_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

func TestMachinesShareDatabase(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	first := env.Command(acctest.Mail(""))
	first.Must("apply", "-auto-approve")
	if out, err := first.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("the next plan is not empty: %v\n%s", err, out)
	}
	other := env.Command(`
data "riva_connection" "mail" {
  name = "Exchange"
}

output "status" {
  value = data.riva_connection.mail.status
}
`)
	if out := other.Must("apply", "-auto-approve"); !strings.Contains(out, `status = "working"`) {
		t.Errorf("another machine reads\n%s", out)
	}
	found, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
	if err != nil || len(found) != 1 {
		t.Errorf("the control plane has %+v, %v", found, err)
	}
}
