//go:build unix

package servetest_test

import (
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/servetest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// membersOf is how many users each working directory has.
const membersOf = 6

// members are users of a working directory.
func members(directory int) string {
	return fmt.Sprintf(`
resource "riva_user" "member" {
  count   = %d
  email   = "user${count.index}@team%d.example.com"
  enabled = true
}
`, membersOf, directory)
}

// team has the connections, the policy and the users of one working directory.
func team(directory int) string {
	named := strings.NewReplacer(`"Exchange"`, fmt.Sprintf(`"Exchange %d"`, directory), `"Salesforce"`,
		fmt.Sprintf(`"Salesforce %d"`, directory))
	return named.Replace(acctest.Mail("")+acctest.CRM(acctest.JWTBearer, "")) + members(directory) + fmt.Sprintf(`
resource "riva_sync_policy" "sync" {
  name                = "Sync %d"
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  enabled             = true
  interval            = "15m"
}
`, directory)
}

// Working directories are applied at the same time, through two replicas. Two of them have a name in common, which one of them
// gets. After that, no plan has changes.
func TestAppliesThroughTwoReplicas(t *testing.T) {
	t.Parallel()
	d := storetest.PostgreSQL(t)
	issued := servetest.Register(t, d, api.ScopeRead, api.ScopeWrite, api.ScopeTest, api.ScopeCompare)
	environment := append(servetest.Environment(d), "RIVA_PUBLIC_URL="+servetest.PublicURL)
	replicas := []*servetest.Process{
		servetest.Start(t, environment, "--allow-target", "127.0.0.1"), servetest.Start(t, environment, "--allow-target", "127.0.0.1"),
	}
	env := acctest.New(t)
	env.ClientID = issued.Client.ID
	var directories []*acctest.Command
	for i, body := range []string{team(0), team(1), acctest.Mail("") + members(2), acctest.Mail("") + members(3)} {
		env.Endpoint = replicas[i%2].URL
		c := env.Command(body)
		c.Env = []string{"RIVA_CLIENT_SECRET=" + string(issued.Secret)}
		directories = append(directories, c)
	}
	failed := runAll(directories, "apply", "-auto-approve")
	if len(failed) != 1 || failed[0].directory < 2 || !strings.Contains(failed[0].output, "Error: ") ||
		!strings.Contains(failed[0].output, "import {") {
		t.Fatalf("not exactly one apply with the name in common failed: %+v", failed)
	}
	client := replicas[0].Client(t, issued)
	expectTeams(t, client)
	shared, err := client.ConnectionByName(t.Context(), "Exchange")
	must(t, err)
	directories[failed[0].directory].Must("import", "riva_connection.mail", shared.ID)
	if failed := runAll(directories, "plan", "-detailed-exitcode"); failed != nil {
		t.Errorf("plans have changes, or fail: %+v", failed)
	}
}

// failure is a command that failed.
type failure struct {
	directory int
	err       error
	output    string
}

// runAll runs a command in all directories at the same time, and returns those that failed.
func runAll(directories []*acctest.Command, args ...string) (failed []failure) {
	var mu sync.Mutex
	var running sync.WaitGroup
	for i, c := range directories {
		running.Go(func() {
			out, err := c.Run(args...)
			if err == nil {
				return
			}
			mu.Lock()
			defer mu.Unlock()
			failed = append(failed, failure{i, err, out})
		})
	}
	running.Wait()
	return failed
}

// expectTeams expects each object of the directories once.
func expectTeams(t *testing.T, c *api.Client) {
	t.Helper()
	connections, err := c.Connections(t.Context(), api.ConnectionFilter{})
	policies, policiesErr := c.Policies(t.Context(), api.PolicyFilter{})
	users, usersErr := c.Users(t.Context(), api.UserFilter{})
	must(t, errors.Join(err, policiesErr, usersErr))
	names := map[string]bool{}
	for _, o := range connections {
		names["connection "+o.Name] = true
	}
	for _, o := range policies {
		names["policy "+o.Name] = true
	}
	for _, o := range users {
		names["user "+o.Email] = true
	}
	const want = 2*2 + 1 + 2 + 4*membersOf
	if len(connections)+len(policies)+len(users) != want || len(names) != want {
		t.Errorf("there are %d connections, %d policies and %d users with %d names, want %d", len(connections), len(policies),
			len(users), len(names), want)
	}
}
