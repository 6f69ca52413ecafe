package provider_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// mocked uses every resource and data source, each with ids that a mocked provider makes up: at plan by data sources, at apply
// by resources.
const mocked = `
variable "password" {
  type      = string
  ephemeral = true
}

resource "riva_connection" "mail" {
  name = "Exchange"
  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.password
  }
}

data "riva_connection" "crm" {
  name = "Salesforce"
}

data "riva_connection" "by_id" {
  id = data.riva_connection.crm.id
}

data "riva_connections" "all" {}

data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  depends_on    = [riva_connection.mail]
}

data "riva_connection_test" "crm" {
  for_each      = toset(concat(data.riva_connections.all.connections[*].id, [data.riva_connection.crm.id]))
  connection_id = each.value
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = data.riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "1h"
}

data "riva_sync_policy" "other" {
  name = "Other"
}

data "riva_sync_policy" "by_id" {
  id = data.riva_sync_policy.other.id
}

resource "riva_user" "each" {
  for_each       = { ada = riva_sync_policy.mail.id, grace = data.riva_sync_policy.other.id }
  email          = "${each.key}@example.com"
  sync_policy_id = each.value
}

data "riva_sync_logs" "all" {
  connection_id = data.riva_connection.crm.id
  policy_id     = data.riva_sync_policy.other.id
}
`

const mockedTest = `
mock_provider "riva" {}

variables {
  password = "not used"
}

run "plan" {
  command = plan
}

run "apply" {
  assert {
    condition     = riva_user.each["ada"].sync_policy_id == riva_sync_policy.mail.id
    error_message = "The user has another policy."
  }
  assert {
    condition     = !data.riva_connection_test.mail.passed
    error_message = "A mocked test passed."
  }
}

run "change" {
  variables {
    password = "another one"
  }
}
`

func TestMockedProviderPlansAndAppliesEverything(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command("")
	writeMain(t, c, mocked)
	writeFile(t, filepath.Join(c.Dir, "tests", "mocked.tftest.hcl"), mockedTest)
	acctest.ExpectOutput(t, c.Must("test"), "3 passed, 0 failed")
}

// The example of the guide has two tests, and a mock rejects what the provider validates.
func TestMockExample(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command("")
	for _, file := range []string{"versions.tf", "main.tf"} { // the example has its own
		if err := os.Remove(filepath.Join(c.Dir, file)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.CopyFS(c.Dir, os.DirFS(filepath.Join("..", "..", "examples", "testing"))); err != nil {
		t.Fatal(err)
	}
	assertQuoted(t, "testing-with-mocks.md.tmpl", c.Must("test"))
	main, err := os.ReadFile(filepath.Join(c.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	writeMain(t, c, strings.Replace(string(main), "username ", "user_name", 1))
	if out, err := c.Run("test"); err == nil || !strings.Contains(out, "user_name") {
		t.Errorf("a wrong name of a setting: %v\n%s", err, out)
	}
}

func writeFile(t *testing.T, path, text string) {
	t.Helper()
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.WriteFile(path, []byte(text), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
