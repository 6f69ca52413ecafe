package entity_test

import (
	"net/http"
	"reflect"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestCreateSetsIdentityAndPrivateState(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol().Create(e.resourceType, e.config)
		if want := (values{"id": created.ID()}); created.ID() == "" || !reflect.DeepEqual(created.Identity, want) {
			t.Errorf("the identity is %v, want %v", created.Identity, want)
		}
		expectOrigin(t, env, created, revisionOf(t, env, e, created.ID()))
	})
}

func TestRejectedCreateLeavesNoState(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		first := p.Create(e.resourceType, e.config)
		second, diagnostics := p.Apply(acctest.Instance{Type: e.resourceType}, e.config)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleNameTaken, "Could not create the ", first.ID())
		if second.State != nil {
			t.Errorf("the rejected create left the state %v", second.State)
		}
	})
}

// An error after the create would taint the object. So what the create needs is read before.
func TestCreateWithoutInstanceCreatesNothing(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		var posts atomic.Int32
		env.Serve(func(resp *http.Response) error {
			switch {
			case resp.Request.Method == http.MethodPost && resp.Request.URL.Path == e.path:
				posts.Add(1)
			case strings.HasPrefix(resp.Request.URL.Path, "/v1/instance"):
				return acctest.ReplaceResponse(resp, http.StatusForbidden, "application/problem+json", api.Problem{
					Type: api.ProblemTypePrefix + api.ProblemScope, Title: "Rejected", Status: http.StatusForbidden,
				})
			}
			return nil
		})
		created, diagnostics := env.Protocol().Apply(acctest.Instance{Type: e.resourceType}, e.config)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleScope)
		if created.State != nil || posts.Load() != 0 {
			t.Errorf("%d creates were sent, and the state is %v", posts.Load(), created.State)
		}
	})
}

func TestUpdateSendsRevisionOfLastRead(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		var sent atomic.Value
		env.Serve(func(resp *http.Response) error {
			if resp.Request.Method == http.MethodPatch {
				sent.Store(resp.Request.Header.Get("If-Match"))
			}
			return nil
		})
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		if err := e.update(t.Context(), env.Client(), created.ID(), "Theirs"); err != nil {
			t.Fatal(err)
		}
		read, diagnostics := p.Read(created)
		p.Must(diagnostics)
		updated, diagnostics := p.Apply(read, e.config.With(e.change))
		p.Must(diagnostics)
		if sent.Load() != `"2"` {
			t.Errorf("the update was sent for the revision %v, want 2", sent.Load())
		}
		if !reflect.DeepEqual(updated.Identity, created.Identity) {
			t.Errorf("the identity is %v, want %v", updated.Identity, created.Identity)
		}
		expectOrigin(t, env, updated, 3)
	})
}

func TestConflictOverwritesNothing(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		if err := e.update(t.Context(), env.Client(), created.ID(), "Theirs"); err != nil {
			t.Fatal(err)
		}
		left, diagnostics := p.Apply(created, e.config.With(e.change))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleRevision, "Could not update the ", "Plan again")
		if _, value, err := e.find(t.Context(), env.Client(), created.ID()); err != nil || value != "Theirs" {
			t.Errorf("the control plane has %q (error %v), want the change of the other client", value, err)
		}
		if !reflect.DeepEqual(left.State, created.State) {
			t.Errorf("the state is %v, want it as it was: %v", left.State, created.State)
		}
	})
}

// A change of attributes that only Terraform has does not change the object.
func TestUpdateOfTimeoutsMakesNoCall(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		updated, diagnostics := p.Apply(created, e.config.With(values{"timeouts": values{"read": "1m"}}))
		p.Must(diagnostics)
		if got := revisionOf(t, env, e, created.ID()); got != 1 {
			t.Errorf("the object has revision %d, want 1", got)
		}
		want := created.State.With(values{"timeouts": updated.State["timeouts"]})
		if !reflect.DeepEqual(updated.State, want) || updated.State["timeouts"] == nil {
			t.Errorf("the state is\n%v, want\n%v", updated.State, want)
		}
		if !reflect.DeepEqual(updated.Identity, created.Identity) {
			t.Errorf("the identity is %v, want %v", updated.Identity, created.Identity)
		}
		expectOrigin(t, env, updated, 1)
	})
}

func TestDeleteOfMissingObjectSucceeds(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		if err := e.remove(env.Client(), t.Context(), created.ID()); err != nil {
			t.Fatal(err)
		}
		left, diagnostics := p.Destroy(created)
		if len(diagnostics) != 0 || left.State != nil {
			t.Errorf("the state is %v, with the diagnostics %v", left.State, diagnostics)
		}
	})
}

func TestDeleteOnOtherControlPlaneFails(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol().Create(e.resourceType, e.config)
		left, diagnostics := acctest.New(t).Made().Protocol().Destroy(created)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleOtherControlPlane)
		if left.State == nil {
			t.Error("the object is missing in the state")
		}
		if got := revisionOf(t, env, e, created.ID()); got != 1 {
			t.Errorf("the object has revision %d, want 1", got)
		}
	})
}

func TestDeleteRemovesObjectAndState(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		left, diagnostics := p.Destroy(created)
		p.Must(diagnostics)
		if _, _, err := e.find(t.Context(), env.Client(), created.ID()); !api.IsNotFound(err) || left.State != nil {
			t.Errorf("the state is %v, and reading the object returns the error %v", left.State, err)
		}
	})
}

func TestTimeoutBoundsEveryVerb(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		timeouts := func(verb string) values { return values{"timeouts": values{verb: "1ns"}} }
		none, diagnostics := p.Apply(acctest.Instance{Type: e.resourceType}, e.config.With(timeouts("create")))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleTimeout)
		if none.State != nil {
			t.Errorf("the create left the state %v", none.State)
		}
		created := p.Create(e.resourceType, e.config)
		_, diagnostics = p.Apply(created, e.config.With(e.change).With(timeouts("update")))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleTimeout)
		if got := revisionOf(t, env, e, created.ID()); got != 1 {
			t.Errorf("the object has revision %d, want 1", got)
		}
		for verb, try := range map[string]func(acctest.Instance) (acctest.Instance, []*tfprotov6.Diagnostic){
			"read": p.Read, "delete": p.Destroy,
		} {
			short := created
			all := values{"create": nil, "read": nil, "update": nil, "delete": nil}
			short.State = created.State.With(values{"timeouts": all.With(values{verb: "1ns"})})
			left, diagnostics := try(short)
			acctest.ExpectError(t, diagnostics, tfdiag.TitleTimeout, "Could not "+verb+" the ")
			if left.State == nil {
				t.Errorf("after the %s the object is missing in the state", verb)
			}
		}
	})
}
