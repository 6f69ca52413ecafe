package connection_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// mailWith is the usual connection to Exchange with other lines in its block.
func mailWith(lines string) string {
	return fmt.Sprintf("\nresource \"riva_connection\" \"mail\" {\n  name = \"Exchange\"\n  exchange {\n    %s\n  }\n}\n", lines)
}

// line returns the number of the only line of a configuration with a text.
func line(t *testing.T, c *acctest.Command, text string) int {
	t.Helper()
	config, err := os.ReadFile(filepath.Join(c.Dir, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(config), text)
	if !found || strings.Contains(after, text) {
		t.Fatalf("the configuration does not have %q once:\n%s", text, config)
	}
	return strings.Count(before, "\n") + 1
}

func TestErrorsPointAtTheLine(t *testing.T) {
	t.Parallel()
	const url, username, password = "ews_url = var.url\n", "username = var.username\n", "password_wo = var.password\n"
	for name, test := range map[string]struct {
		body    string
		command string
		env     string
		at      string
		title   string
		says    string
	}{
		"a misspelled setting": {
			body: mailWith(url + "usernam = var.username\n" + password), at: "usernam =",
			title: "Unsupported argument", says: `Did you mean "username"?`,
		},
		"a misspelled secret": {
			body: mailWith(url + username + "pasword_wo = var.password\n"), at: "pasword_wo =",
			title: "Unsupported argument", says: `Did you mean "password_wo"?`,
		},
		"a missing setting": {
			body: mailWith(url + password), at: "exchange {",
			title: "Missing Required Setting", says: "The block exchange requires username.",
		},
		"a setting that is null": {
			body: mailWith(url + "username = null\n" + password), at: "username = null",
			title: "Missing Required Setting", says: "The block exchange requires username.",
		},
		"no secret": {
			body: mailWith(url + username), at: "exchange {",
			title: "Credentials Required", says: "or password_wo",
		},
		"an attribute in place of a block": {
			body: strings.Replace(acctest.Mail(""), "exchange {", "exchange = {", 1), at: "exchange = {",
			title: "Unsupported argument", says: `define a block of type "exchange"?`,
		},
		"an invalid setting": {
			body: strings.Replace(acctest.Mail(""), "var.url", `"mail.example.com"`, 1), at: "ews_url ",
			title: "Invalid Value", says: "must be a complete address",
		},
		"an invalid secret": {
			body: acctest.Mail(""), env: "TF_VAR_password=", at: "password_wo =",
			title: "Invalid Value", says: "must not be empty",
		},
		"an invalid timeout": {
			body: acctest.Mail("timeouts {\ncreate = \"soon\"\n}"), at: `create = "soon"`,
			title: "Invalid Value", says: "timeouts.create must be a duration",
		},
		"a misspelled timeout": {
			body: acctest.Mail("timeouts {\ncreated = \"1m\"\n}"), at: `created =`,
			title: "Unsupported argument", says: `Did you mean "create"?`,
		},
		"a rejected password": {
			body: acctest.Mail(""), command: "apply", env: "TF_VAR_password=wrong", at: "password_wo =",
			title: target.GivenCredentials.Title(), says: "Nothing was created.",
		},
		"an address without a server": {
			body: strings.Replace(acctest.Mail(""), "var.url", `"http://127.0.0.1:1/EWS/Exchange.asmx"`, 1), command: "apply",
			at: "ews_url ", title: target.SystemNotAvailable.Title(), says: "Nothing was created.",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := acctest.New(t).Command(test.body)
			if test.env != "" {
				c.Env = append(c.Env, test.env)
			}
			args := []string{"plan"}
			if test.command == "apply" {
				args = []string{"apply", "-auto-approve"}
			}
			out, err := c.Run(args...)
			if err == nil {
				t.Fatal("no error")
			}
			acctest.ExpectOutput(t, out, "Error: "+test.title, fmt.Sprintf("on main.tf line %d, in resource", line(t, c, test.at)),
				test.says)
		})
	}
}

func TestEmptyBlockNamesWhatItRequires(t *testing.T) {
	t.Parallel()
	for system, settings := range map[string][]string{
		"exchange": {"username", "ews_url"}, "netsuite": {"account_id", "consumer_key", "token_id"},
	} {
		t.Run(system, func(t *testing.T) {
			t.Parallel()
			c := acctest.New(t).Command("resource \"riva_connection\" \"mail\" {\n  name = \"Empty\"\n  " + system + " {}\n}\n")
			out, err := c.Run("validate")
			if err == nil {
				t.Fatal("no error")
			}
			if got := strings.Count(out, "Error: Missing Required Setting"); got != len(settings) {
				t.Errorf("%d errors, want one for each of %q", got, settings)
			}
			at := fmt.Sprintf("on main.tf line %d, in resource", line(t, c, system+" {}"))
			for _, setting := range settings {
				acctest.ExpectOutput(t, out, at, "Attribute: "+system+"."+setting)
			}
		})
	}
}

func TestTwoBlocksAreErrors(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		more string
		says []string
	}{
		"of one system": {"exchange {}", []string{"Duplicate exchange block", `Only one block of type "exchange" is allowed.`}},
		"of different systems": {"salesforce {\nusername = var.crm_username\nclient_id = var.client_id\n}", []string{
			"A Connection Needs Exactly One Target System", "it has the blocks exchange and salesforce.",
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			out, err := acctest.New(t).Command(acctest.Mail(test.more)).Run("plan")
			if err == nil {
				t.Error("no error")
			}
			acctest.ExpectOutput(t, out, test.says...)
		})
	}
}
