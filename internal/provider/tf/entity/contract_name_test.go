package entity_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// named returns the configuration with another value of the unique attribute.
func (e entityCase) named(name string) values {
	key, _, _ := strings.Cut(e.key, "=")
	if key == "email" {
		name += "@example.com"
	}
	return e.config.With(values{key: name})
}

// expectSilence fails the test if there are errors or warnings.
func expectSilence(t *testing.T, when string, diagnostics []*tfprotov6.Diagnostic) {
	t.Helper()
	for _, d := range diagnostics {
		t.Errorf("%s: %s: %s", when, d.Summary, d.Detail)
	}
}

func TestTwoCreatesOfOneNameFailAtPlan(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol() // of a control plane that does not exist yet
		create := acctest.Instance{Type: e.resourceType}
		_, diagnostics := p.Plan(create, e.named("one"))
		expectSilence(t, "the first create", diagnostics)
		_, diagnostics = p.Plan(create, e.named("two"))
		expectSilence(t, "another name", diagnostics)
		_, diagnostics = p.Plan(create, e.named("ONE"))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleNameTwice, `"ONE`, "regardless of letter case", "for_each")
	})
}

func TestNamesThatTheSameApplyFreesAreSilent(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol()
		first, second := created.Create(e.resourceType, e.named("one")), created.Create(e.resourceType, e.named("two"))
		create := acctest.Instance{Type: e.resourceType}
		refreshed := func() *acctest.Protocol { // another run
			p := env.Protocol()
			for _, object := range []acctest.Instance{first, second} {
				_, diagnostics := p.Read(object)
				p.Must(diagnostics)
			}
			return p
		}

		p := refreshed()
		_, diagnostics := p.Plan(first, e.named("two"))
		expectSilence(t, "rename to a name that another rename frees", diagnostics)
		_, diagnostics = p.Plan(second, e.named("three"))
		expectSilence(t, "rename to a free name", diagnostics)

		p = refreshed()
		_, diagnostics = p.Plan(create, e.named("two"))
		expectSilence(t, "create with the name of an object that is deleted", diagnostics)

		p = refreshed()
		for range 2 { // two objects that are replaced, as with -replace
			for name, object := range map[string]acctest.Instance{"one": first, "two": second} {
				_, diagnostics = p.Plan(object, e.named(name))
				expectSilence(t, "first half of a replacement", diagnostics)
				_, diagnostics = p.Plan(create, e.named(name))
				expectSilence(t, "second half of a replacement", diagnostics)
			}
		}

		p = refreshed()
		_, diagnostics = p.Plan(first, e.named("ONE"))
		expectSilence(t, "rename to the own name in upper case", diagnostics)
	})
}

func TestNameOfAnObjectOutsideTheStateIsAWarning(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		other := env.Protocol().Create(e.resourceType, e.named("one"))
		mine := env.Protocol().Create(e.resourceType, e.named("two"))
		create := acctest.Instance{Type: e.resourceType}

		p := env.Protocol()
		_, diagnostics := p.Plan(create, e.named("ONE"))
		p.Must(diagnostics)
		acctest.ExpectWarning(t, diagnostics, `"ONE`, "Is Already Taken", other.ID(), "import {", e.resourceType, other.ID())
		_, diagnostics = env.Protocol().Apply(create, e.named("ONE"))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleNameTaken, "import {", other.ID())

		p = env.Protocol()
		_, diagnostics = p.Plan(mine, e.named("one"))
		p.Must(diagnostics)
		acctest.ExpectWarning(t, diagnostics, `"one`, "Is Already Taken", other.ID())
	})
}

// Two processes that plan at the same time see a free name. The second apply reports that it is taken by then.
func TestTwoProcessesWithOneName(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		env.Made()
		create := acctest.Instance{Type: e.resourceType}
		one, two := env.Protocol(), env.Protocol()
		for _, p := range []*acctest.Protocol{one, two} {
			_, diagnostics := p.Plan(create, e.config)
			expectSilence(t, "plan", diagnostics)
		}
		created := env.Protocol().Create(e.resourceType, e.config)
		_, diagnostics := env.Protocol().Apply(create, e.config)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleNameTaken, created.ID())
	})
}

func TestPlanMakesOneLookupForEachNewName(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		object := env.Protocol().Create(e.resourceType, e.named("one"))
		var lookups atomic.Int64
		env.Serve(func(r *http.Response) error {
			if r.Request.URL.Path == e.path && r.Request.Method == http.MethodGet {
				lookups.Add(1)
			}
			return nil
		})
		p := env.Protocol()
		_, diagnostics := p.Plan(acctest.Instance{Type: e.resourceType}, e.named("two"))
		p.Must(diagnostics)
		if n := lookups.Load(); n != 1 {
			t.Errorf("the plan of a create made %d lookups, want 1", n)
		}
		lookups.Store(0)
		_, diagnostics = p.Plan(object, e.named("one"))
		p.Must(diagnostics)
		if n := lookups.Load(); n != 0 && e.resourceType != "riva_connection" { // which compares secrets
			t.Errorf("the plan without a change made %d lookups, want none", n)
		}
	})
}
