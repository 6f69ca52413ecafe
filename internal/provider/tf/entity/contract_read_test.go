package entity_test

import (
	"net/http"
	"reflect"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// A state of a Terraform without identities has none: the object leaves it all the same.
func TestReadOfDeletedObjectWarns(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		if err := e.remove(env.Client(), t.Context(), created.ID()); err != nil {
			t.Fatal(err)
		}
		withoutIdentity := created
		withoutIdentity.Identity = nil
		for _, known := range []acctest.Instance{created, withoutIdentity} {
			read, diagnostics := p.Read(known)
			p.Must(diagnostics)
			acctest.ExpectWarning(t, diagnostics, tfdiag.TitleDeletedOutside)
			if read.State != nil {
				t.Errorf("the deleted object is still in the state: %v", read.State)
			}
		}
	})
}

func TestReadOnOtherControlPlaneFails(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol().Create(e.resourceType, e.config)
		read, diagnostics := acctest.New(t).Made().Protocol().Read(created)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleOtherControlPlane, origin(t, created).Instance)
		if !reflect.DeepEqual(read.State, created.State) {
			t.Errorf("the state is %v, want it as it was", read.State)
		}
	})
}

func TestReadOfMovedObjectWarns(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		moved := withOrigin(t, created, controlplane.Origin{Instance: acctest.UnknownID, Revision: 1})
		read, diagnostics := p.Read(moved)
		p.Must(diagnostics)
		acctest.ExpectWarning(t, diagnostics, tfdiag.TitleMoved, acctest.UnknownID)
		if !reflect.DeepEqual(read.State, created.State) {
			t.Errorf("the state is %v, want %v", read.State, created.State)
		}
		expectOrigin(t, env, read, revisionOf(t, env, e, created.ID()))
	})
}

// Only a 404 means that an object was deleted.
func TestReadErrorKeepsState(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol().Create(e.resourceType, e.config)
		for status, problem := range map[int]string{
			http.StatusUnauthorized: api.ProblemUnauthenticated, http.StatusForbidden: api.ProblemScope,
		} {
			env.Serve(func(resp *http.Response) error {
				if !strings.HasPrefix(resp.Request.URL.Path, e.path) {
					return nil
				}
				return acctest.ReplaceResponse(resp, status, "application/problem+json", api.Problem{
					Type: api.ProblemTypePrefix + problem, Title: "Rejected", Status: status,
				})
			})
			read, diagnostics := env.Protocol().Read(created)
			acctest.ExpectError(t, diagnostics, "Could not read the ")
			if !reflect.DeepEqual(read.State, created.State) {
				t.Errorf("after status %d the state is %v, want it as it was", status, read.State)
			}
		}
	})
}
