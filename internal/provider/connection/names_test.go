package connection_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// secondMail is a second connection with the name.
func secondMail(name string) string {
	return strings.NewReplacer(`"mail"`, `"second"`, `"Exchange"`, `"`+name+`"`).Replace(acctest.Mail(""))
}

func TestTwoConnectionsOfOneNameAreAnErrorAtPlan(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	out, err := env.Command(acctest.Mail("") + secondMail("EXCHANGE")).Run("plan")
	if err == nil {
		t.Errorf("the plan succeeds:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "Two Resources Create the Same Name", "name = ", "regardless of letter case")
}

// Terraform passes the resources of a state to the provider one by one, in any order, also while it plans others.
func TestNamesThatAPlanFreesCauseNoWarning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail("") + secondMail("Second"))
	c.Must("apply", "-auto-approve")
	renamed := strings.Replace(acctest.Mail(""), `"Exchange"`, `"Second"`, 1)
	for name, plan := range map[string]struct {
		body string
		args []string
		want string
	}{
		"A to B, and B to C": {renamed + secondMail("Third"), nil, "0 to add, 2 to change, 0 to destroy"},
		"swapped":            {renamed + secondMail("Exchange"), nil, "0 to add, 2 to change, 0 to destroy"},
		"deleted and created again": {
			strings.Replace(acctest.Mail(""), `"mail"`, `"another"`, 1) + secondMail("Second"), nil,
			"1 to add, 0 to change, 1 to destroy",
		},
		"replaced": {
			acctest.Mail("") + secondMail("Second"), []string{"-replace=riva_connection.mail", "-replace=riva_connection.second"},
			"2 to add, 0 to change, 2 to destroy",
		},
		"without a refresh": {
			renamed + secondMail("Third"), []string{"-refresh=false"}, "0 to add, 2 to change, 0 to destroy",
		},
	} {
		c.Write(plan.body)
		out := c.Must(append([]string{"plan"}, plan.args...)...)
		acctest.ExpectOutput(t, out, plan.want)
		if strings.Contains(out, "Already Taken") {
			t.Errorf("%s:\n%s", name, out)
		}
	}
	c.Write(acctest.Mail("") + secondMail("Second"))
	replaced := c.Must("apply", "-auto-approve", "-replace=riva_connection.mail")
	if strings.Contains(replaced, "Already Taken") {
		t.Errorf("the replacement warns:\n%s", replaced)
	}
}

// Two configurations share a control plane.
func TestNameOfAnotherConfigurationIsAWarning(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Command(acctest.Mail("")).Must("apply", "-auto-approve")
	c := env.Command(acctest.Mail(""))
	acctest.ExpectOutput(t, c.Must("plan"), "Warning:", `Name "Exchange" Is Already Taken`, "the apply fails", "import {",
		"to = riva_connection.example")
	out, err := c.Run("apply", "-auto-approve")
	if err == nil {
		t.Errorf("the apply succeeds:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "Error: The Name Is Already Taken", "import {")
}

// Terraform applies independent resources in any order: a name may be still in use when it is needed.
func TestNamesThatAnApplyFreesCanBeUsed(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	first := func(label, name string) string {
		return strings.NewReplacer(`"mail"`, `"`+label+`"`, `"Exchange"`, `"`+name+`"`).Replace(acctest.Mail(""))
	}
	c := env.Command(first("mail", "Exchange") + secondMail("Second"))
	c.Must("apply", "-auto-approve")
	for _, apply := range []struct{ body, want string }{
		{first("mail", "Second") + secondMail("Third"), "0 added, 2 changed, 0 destroyed"},
		{first("mail", "Exchange") + secondMail("Second"), "0 added, 2 changed, 0 destroyed"},
		{first("other", "Exchange") + secondMail("Second"), "1 added, 0 changed, 1 destroyed"},
	} {
		c.Write(apply.body)
		out := c.Must("apply", "-auto-approve")
		acctest.ExpectOutput(t, out, apply.want)
		if strings.Contains(out, "Already Taken") {
			t.Errorf("the apply warns:\n%s", out)
		}
		c.Must("plan", "-detailed-exitcode")
	}

	c.Write(first("other", "Second") + secondMail("Exchange")) // no order is possible
	out, err := c.Run("apply", "-auto-approve")
	if err == nil {
		t.Errorf("two connections swap their names:\n%s", out)
	}
	acctest.ExpectOutput(t, out, "The Name Is Already Taken")
}
