package provider_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// says makes an expression that finds the words in a diagnostic however Terraform wraps its lines.
func says(words ...string) *regexp.Regexp {
	parts := make([]string, len(words))
	for i, w := range words {
		parts[i] = strings.Join(strings.Fields(regexp.QuoteMeta(w)), `[\s│]+`)
	}
	return regexp.MustCompile(`(?s)` + strings.Join(parts, `.*`))
}

// expectNone fails if anything is stored.
func expectNone(t *testing.T, w *acctest.World) func() {
	return func() {
		t.Helper()
		left, err := w.Client().Connections(t.Context(), noFilter)
		if err != nil || len(left) != 0 {
			t.Errorf("the control plane has %d connections (error %v), want none", len(left), err)
		}
	}
}

func TestCreateWithAWrongPasswordStoresNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	wrong := resource.TestStep{
		Config: w.Config(acctest.Mail("")), ConfigVariables: w.Variables("wrong"),
		ExpectError: says("Cannot Connect to the Target System with Given Credentials",
			"Nothing was created.", "Attribute: exchange.password_wo", "What to do next:", "1. ", "2. "),
	}
	right := w.Step(acctest.Mail(""))
	right.PreConfig = expectNone(t, w)
	w.Test(wrong, right)
}

func TestCreateWithOtherIdentityFails(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	other := w.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", `password_wo = var.password
		mailbox = "somebody@example.com"`))
	other.ExpectError = says("Signed In to the Target System as Another User", "Nothing was created.")
	right := w.Step(acctest.Mail(""))
	right.PreConfig = expectNone(t, w)
	w.Test(other, right)
}

func TestCreateWhileTheTargetIsDownStoresNothing(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	down := w.Step(acctest.Mail(""))
	down.PreConfig = func() {
		if err := w.Exchange.Down(); err != nil {
			t.Fatal(err)
		}
	}
	down.ExpectError = says("Cannot Connect to the Target System - System Not Available")
	up := w.Step(acctest.Mail(""))
	up.PreConfig = func() {
		expectNone(t, w)()
		if err := w.Exchange.Up(); err != nil {
			t.Fatal(err)
		}
	}
	w.Test(down, up)
}

func TestCreateWithATakenNameShowsTheImportBlock(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	second := strings.ReplaceAll(acctest.Mail(""), `"mail"`, `"second"`)
	second = strings.ReplaceAll(second, `"Exchange"`, `"EXCHANGE"`)
	taken := w.Step(acctest.Mail("") + second)
	taken.ExpectError = says("The Name Is Already Taken", "import {", "to = riva_connection.", `id = "`)
	w.Test(w.Step(acctest.Mail("")), taken)
}

func TestCreateWithoutASecretIsRefusedAtPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	step := w.Step(strings.ReplaceAll(acctest.Mail(""), "password_wo = var.password", ""))
	step.PlanOnly = true
	step.ExpectError = says("A New Connection Needs Credentials", "password_wo")
	w.Test(step)
}

func TestSecretThatIsUnknownAtPlan(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	body := `
resource "terraform_data" "password" {
  input = nonsensitive(var.plain)
}

variable "plain" {
  type = string
}
` + strings.ReplaceAll(acctest.Mail(""), "var.password", "terraform_data.password.output")
	step := w.Step(body)
	step.ConfigVariables["plain"] = step.ConfigVariables["password"]
	w.Test(step)
}

// createOutside creates the usual connection without Terraform and returns it.
func createOutside(t *testing.T, w *acctest.World) api.Connection {
	t.Helper()
	connection, err := w.Client().CreateConnection(t.Context(), api.CreateConnection{
		Name: "Exchange", System: "exchange",
		Settings:    map[string]string{"ews_url": w.Exchange.URL(), "username": w.Exchange.Service().Email},
		Credentials: map[string]string{"password": w.Password()},
	})
	if err != nil {
		t.Fatalf("create a connection outside of Terraform: %v", err)
	}
	return connection
}
