package provider_test

import (
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// configured is a configuration with the lines in its provider block, and a data source.
func configured(lines string) string {
	return "provider \"riva\" {\n" + lines + "\n}\n\ndata \"riva_connections\" \"all\" {}\n"
}

func TestInvalidProviderConfiguration(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		lines string
		want  []string
	}{
		"no credentials": {
			lines: `endpoint = "https://riva.example.com"`,
			want: []string{"endpoint (from the provider's configuration, not from RIVA_ENDPOINT) requires credentials", "RIVA_CLIENT_ID",
				"RIVA_CLIENT_SECRET", "RIVA_TOKEN"},
		},
		"half a client": {
			lines: "endpoint = \"https://riva.example.com\"\nclient_id = \"pipeline\"",
			want: []string{"client_id (from the provider's configuration, not from RIVA_CLIENT_ID) is set, but client_secret (or the " +
				"environment variable RIVA_CLIENT_SECRET) is missing"},
		},
		"a token and a client": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken = \"t\"\nclient_id = \"pipeline\"",
			want:  []string{"client_id", "and token", "cannot be set together"},
		},
		"a token without an endpoint": {
			lines: `token = "t"`,
			want: []string{"token (from the provider's configuration, not from RIVA_TOKEN) is for a shared control plane",
				"RIVA_ENDPOINT"},
		},
		"an endpoint and a data directory": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken = \"t\"\ndata_dir = \".riva\"",
			want:  []string{"data_dir (from the provider's configuration, not from RIVA_DATA_DIR) is for the embedded control plane"},
		},
		"plain http": {
			lines: "endpoint = \"http://riva.example.com\"\ntoken = \"t\"",
			want:  []string{"must start with https://", "RIVA_ENDPOINT"},
		},
		"no address": {
			lines: "endpoint = \"riva\"\ntoken = \"t\"",
			want:  []string{"must be a complete address"},
		},
		"no certificate": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken = \"t\"\nca_certificate = \"none\"",
			want:  []string{"ca_certificate", "RIVA_CA_CERTIFICATE", "PEM"},
		},
		"an endpoint and a keyset": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken = \"t\"\nkeyset_json = \"{}\"",
			want:  []string{"keyset_json", "RIVA_KEYSET_JSON", "is for the embedded control plane"},
		},
		"a database without a keyset": {
			lines: `database_url = "postgres://riva:canary@db.example.com/riva"`,
			want: []string{"database_url (from the provider's configuration, not from RIVA_DATABASE_URL) requires the keyset",
				"RIVA_KEYSET", "RIVA_KEYSET_JSON", "terraform-provider-riva keys create FILE"},
		},
		"a database and a data directory": {
			lines: "database_url = \"postgres://db.example.com/riva\"\ndata_dir = \".riva\"\nkeyset_json = \"{}\"",
			want:  []string{"data_dir", "RIVA_DATA_DIR", "and database_url", "RIVA_DATABASE_URL", "cannot be set together"},
		},
		"a database and an endpoint": {
			lines: "database_url = \"postgres://db.example.com/riva\"\nendpoint = \"https://riva.example.com\"\ntoken = \"t\"",
			want:  []string{"database_url", "is for the embedded control plane", "endpoint", "Set only one of the two"},
		},
		"a database and a token": {
			lines: "database_url = \"postgres://db.example.com/riva\"\ntoken = \"t\"\nkeyset_json = \"{}\"",
			want:  []string{"token", "is for a shared control plane"},
		},
		"a database with a damaged keyset": {
			lines: "database_url = \"postgres://db.example.com/riva\"\nkeyset_json = \"{}\"",
			want:  []string{"RIVA_KEYSET_JSON", "is damaged"},
		},
		"a malformed address of a database": {
			lines: "database_url = \"postgres://riva:canary@db.example.com:port/riva\"\nkeyset_json = \"{}\"",
			want: []string{"database_url (from the provider's configuration, not from RIVA_DATABASE_URL) cannot be used",
				"must have the form postgres://"},
		},
		"a server that is not verified": {
			lines: "database_url = \"postgres://db.example.com/riva?sslmode=require\"\nkeyset_json = \"{}\"",
			want:  []string{"db.example.com", "write sslmode=verify-full", "RIVA_CA_CERTIFICATE"},
		},
		"two keysets": {
			lines: "keyset = \"keyset.json\"\nkeyset_json = \"{}\"",
			want:  []string{"keyset_json", "RIVA_KEYSET_JSON", "and keyset", "cannot be set together"},
		},
		"two tokens": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken = \"t\"\ntoken_file = \"token\"",
			want:  []string{"token_file", "RIVA_TOKEN_FILE", "and token", "cannot be set together"},
		},
		"an empty token file": {
			lines: "endpoint = \"https://riva.example.com\"\ntoken_file = \"/dev/null\"",
			want:  []string{"token_file", "RIVA_TOKEN_FILE", "cannot be used", "not a file"},
		},
		"no instance id": {
			lines: `instance_id = "production"`,
			want:  []string{"instance_id", "RIVA_INSTANCE_ID", "must be the instance id"},
		},
		"no time": {
			lines: `request_timeout = "0s"`,
			want:  []string{"request_timeout", "RIVA_REQUEST_TIMEOUT", "must be a duration above zero"},
		},
		"negative time": {
			lines: `request_timeout = "-1s"`,
			want:  []string{"request_timeout", "RIVA_REQUEST_TIMEOUT", "must be a duration above zero"},
		},
		"too many retries": {
			lines: `max_retries = 1000`,
			want:  []string{"max_retries", "RIVA_MAX_RETRIES", "from 0 to 20"},
		},
		"negative retries": {
			lines: `max_retries = -1`,
			want:  []string{"max_retries", "RIVA_MAX_RETRIES", "from 0 to 20"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			acctest.New(t).Test(resource.TestStep{
				Config: configured(c.lines), PlanOnly: true, ExpectError: acctest.MatchText(c.want...),
			})
		})
	}
}

func TestUnknownEndpointIsError(t *testing.T) {
	t.Parallel()
	acctest.New(t).Test(resource.TestStep{
		Config: configured("endpoint = terraform_data.server.output\ntoken = \"t\"") + `
resource "terraform_data" "server" {
  input = "https://riva.example.com"
}
`,
		PlanOnly: true,
		ExpectError: acctest.MatchText("Invalid Configuration of the Riva Provider", "endpoint is not known yet", "RIVA_ENDPOINT",
			"-target"),
	})
}

func TestErrorsNameEnvironmentVariable(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = append(c.Env, "RIVA_ENDPOINT=https://riva.example.com")
	out, err := c.Run("plan")
	if err == nil {
		t.Fatalf("an endpoint in the environment and a data directory in the configuration went through:\n%s", out)
	}
	if want := acctest.MatchText("endpoint (from the environment variable RIVA_ENDPOINT)"); !want.MatchString(out) {
		t.Errorf("the error does not say where the endpoint comes from:\n%s", out)
	}
}

func TestEnvironmentVariablesAsDefaults(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	text, err := os.ReadFile(c.Dir + "/main.tf")
	if err != nil {
		t.Fatal(err)
	}
	blank := strings.NewReplacer("data_dir = ", "# ", "keyset   = ", "# ").Replace(string(text))
	if err := os.WriteFile(c.Dir+"/main.tf", []byte(blank), 0o600); err != nil {
		t.Fatal(err)
	}
	c.Env = append(c.Env, "RIVA_DATA_DIR="+env.DataDir, "RIVA_KEYSET="+env.Keyset)
	c.Must("apply", "-auto-approve")
	if _, err := env.Client().ConnectionByName(t.Context(), "Exchange"); err != nil {
		t.Errorf("the connection is not where RIVA_DATA_DIR says: %v", err)
	}
	c.Env = append(c.Env, "RIVA_MAX_RETRIES=many")
	if out, err := c.Run("plan"); err == nil || !acctest.MatchText("RIVA_MAX_RETRIES").MatchString(out) {
		t.Errorf("max_retries \"many\" in the environment gave no error that names it (%v):\n%s", err, out)
	}
}
