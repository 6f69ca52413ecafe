package connection_test

import (
	"net"
	"net/url"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// fails runs a command that fails, and returns its output without frames and line breaks.
func fails(t *testing.T, c *acctest.Command, args ...string) string {
	t.Helper()
	out, err := c.Run(args...)
	if err == nil {
		t.Fatalf("terraform %s succeeded:\n%s", strings.Join(args, " "), out)
	}
	return acctest.OneLine(out)
}

// address is the host and port of the stand-in for Exchange.
func address(t *testing.T, env *acctest.Environment) string {
	t.Helper()
	u, err := url.Parse(env.Exchange.URL())
	if err != nil {
		t.Fatal(err)
	}
	return u.Host
}

func TestTimeoutNamesTargetAndLimit(t *testing.T) {
	t.Parallel()
	env := acctest.New(t).Made()
	if err := env.Exchange.Fail(sandbox.Slow(), sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	c := env.Command(acctest.Mail("timeouts {\n create = \"1s\"\n }"))
	out := fails(t, c, "apply", "-auto-approve")
	acctest.ExpectOutput(t, out, "Error: Timeout", `Could not create the connection "Exchange" within 1s.`,
		"Microsoft Exchange at "+address(t, env)+" did not respond in time. Nothing was created.", "create in the timeouts block")
	if strings.Contains(out, "embedded.invalid") {
		t.Errorf("the output has an inner address:\n%s", out)
	}
	env.ExpectNoConnections()
}

func TestTimeoutOfFirstCreateIsTimeout(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail("timeouts {\n create = \"1ns\"\n }"))
	acctest.ExpectOutput(t, fails(t, c, "apply", "-auto-approve"), "Error: Timeout", "within 1ns", "Nothing was created.")
}

func TestInvalidTimeoutNamesAttribute(t *testing.T) {
	t.Parallel()
	for _, limit := range []string{"1x", "-5m", "0s", ""} {
		t.Run(limit, func(t *testing.T) {
			t.Parallel()
			c := acctest.New(t).Command(acctest.Mail("timeouts {\n create = \"" + limit + "\"\n }"))
			out := fails(t, c, "plan")
			acctest.ExpectOutput(t, out, "Error: Invalid Value", "timeouts.create must be a duration such as", "longer than zero")
			if strings.Contains(out, "Attribute: timeouts.create") {
				t.Errorf("the attribute is named twice:\n%s", out)
			}
		})
	}
}

func TestRefusedConnectionNamesHostAndPort(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	host := listener.Addr().String()
	if err := listener.Close(); err != nil {
		t.Fatal(err)
	}
	c := acctest.New(t).Command(acctest.Mail(""))
	c.Env = append(c.Env, "TF_VAR_url=http://"+host+"/EWS/Exchange.asmx")
	acctest.ExpectOutput(t, fails(t, c, "apply", "-auto-approve"), "The connection to "+host+" was refused.")
}

func TestRequiredSettingIsNotLeftOut(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(strings.Replace(acctest.Mail(""), "var.username", `""`, 1))
	out := fails(t, c, "plan")
	acctest.ExpectOutput(t, out, "username must not be empty: it is required.")
	if strings.Contains(out, "leave it out") {
		t.Errorf("a required setting may be left out:\n%s", out)
	}
}

func TestReplaceUnderEnabledPolicyNamesSteps(t *testing.T) {
	t.Parallel()
	c := acctest.New(t).Command(acctest.Mail("") + policy)
	c.Must("apply", "-auto-approve")
	acctest.ExpectOutput(t, fails(t, c, "apply", "-auto-approve", "-replace="+mail),
		"Connection Is Used by an Enabled Sync Policy", "-replace", "set enabled = false in the sync policy and apply")
}

func TestUsedConnectionNamesPurgeInEmbeddedMode(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + policy)
	c.Must("apply", "-auto-approve")
	env.RunCycle("Every day")
	acctest.ExpectOutput(t, fails(t, c, "plan", "-destroy"), "Contact the Riva Success Team", "As the owner of the data directory",
		"connections purge --data-dir '"+env.DataDir+"'", "'Exchange'")
}
