package database_test

import (
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// canary is the password in the addresses of databases.
const canary = "canary-6f1c"

// withPassword is an address of the cluster of the tests with a password, which it accepts.
func withPassword(t *testing.T, address string) string {
	t.Helper()
	parsed, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	settings := parsed.Query()
	parsed.User = url.UserPassword(settings.Get("user"), canary)
	settings.Del("user")
	parsed.RawQuery = settings.Encode()
	return parsed.String()
}

func TestPasswordOfDatabaseIsShownNowhere(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).UseDatabase(postgrestest.New(t))
	address := env.DatabaseURL
	env.DatabaseURL = withPassword(t, address)
	c := env.Command(acctest.Mail("") + acctest.CRM(acctest.JWTBearer, "") + `
resource "riva_sync_policy" "mail" {
  name                = "Mail"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  enabled             = true
  interval            = "1h"
}
`)
	c.Env = append(c.Env, "TF_LOG=trace", "TF_LOG_PATH="+filepath.Join(c.Dir, "trace.log"))
	shown := map[string]string{
		"plan":          c.Must("plan", "-out=saved.tfplan"),
		"plan as JSON":  c.Must("show", "-json", "saved.tfplan"),
		"apply":         c.Must("apply", "saved.tfplan"),
		"state as JSON": c.Must("show", "-json"),
	}
	acctest.ExpectOutput(t, shown["apply"], "Embedded Mode Does Not Schedule Cycles",
		"The environment has RIVA_DATABASE_URL", "run-cycle --keyset")
	inDatabase(t, address, `DROP SCHEMA riva CASCADE`)
	out, err := c.Run("plan")
	if err == nil {
		t.Errorf("a plan without the tables succeeded:\n%s", out)
	}
	shown["failure"] = out
	for name, text := range shown {
		if strings.Contains(text, canary) {
			t.Errorf("the password is shown in %s", name)
		}
	}
	files := 0
	err = filepath.WalkDir(c.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !entry.Type().IsRegular() {
			return err
		}
		content, err := os.ReadFile(path)
		if files++; strings.Contains(string(content), canary) {
			t.Errorf("the password is in %s", entry.Name())
		}
		return err
	})
	if err != nil || files < 4 {
		t.Errorf("%d files were searched, %v", files, err)
	}
}
