package provider_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// varies matches the parts of a quoted output that differ in every run (times, ids, addresses, line numbers), and the omissions
// of a guide.
var varies = regexp.MustCompile(`\d{4}-\d\d-\d\dT[0-9:.]+Z|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|` +
	`(\d+\.){3}\d+:\d+|\n\s+on main\.tf.*\n|\n…\n`)

// assertQuoted checks that the first quotation of a guide is in the output of Terraform.
func assertQuoted(t *testing.T, guide, out string) {
	t.Helper()
	for _, part := range varies.Split(quotation(t, guide), -1) {
		if part = strings.TrimSpace(part); !acctest.MatchText(part).MatchString(out) {
			t.Errorf("%s quotes\n%s\n\nbut the output of Terraform is\n%s", guide, part, out)
		}
	}
}

// quotation is the first quotation of a guide.
func quotation(t *testing.T, guide string) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join("..", "..", "templates", "guides", guide))
	if err != nil {
		t.Fatal(err)
	}
	_, quote, _ := strings.Cut(string(page), "```text\n")
	quote, _, found := strings.Cut(quote, "```")
	if !found {
		t.Fatalf("%s quotes nothing", guide)
	}
	return quote
}

func TestGuideQuotesRejectedDelete(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + acctest.Policy("Mail"))
	c.Must("apply", "-auto-approve")
	env.RunCycle("Mail")
	out, err := c.Run("destroy", "-auto-approve")
	if err == nil {
		t.Fatalf("a used connection was destroyed:\n%s", out)
	}
	assertQuoted(t, "deleting-a-connection.md", out)
}

func TestGuideQuotesThePlanOfARevalidation(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.CRM(acctest.JWTBearer, `revalidation_trigger = "2026-03"`))
	c.Must("apply", "-auto-approve")
	c.Write(acctest.CRM(acctest.JWTBearer, `revalidation_trigger = "2026-04"`))
	assertQuoted(t, "re-validating-a-connection.md", c.Must("plan"))
}

func TestGuideQuotesThePlanOfARotation(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	c.Env = append(c.Env, "TF_VAR_password="+acctest.NewPassword)
	assertQuoted(t, "rotating-credentials.md", c.Must("plan"))
}

func TestGuideQuotesACheckThatFails(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + acctest.Check)
	c.Must("apply", "-auto-approve")
	c.Env = append(c.Env, "TF_VAR_password="+env.Password())
	env.SetPassword(acctest.NewPassword)
	assertQuoted(t, "when-a-test-fails.md", c.Must("plan"))
}

func TestGuideQuotesAnotherControlPlane(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("apply", "-auto-approve")
	env.LoseDataDir()
	if _, err := env.Client().Instance(t.Context()); err != nil { // it makes another one
		t.Fatal(err)
	}
	out, err := c.Run("plan")
	if err == nil {
		t.Fatalf("the plan with another control plane succeeded:\n%s", out)
	}
	assertQuoted(t, "another-control-plane.md", out)
}
