package entity_test

import (
	"errors"
	"io/fs"
	"os"
	"reflect"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// expectNothingMade fails the test if the data directory exists.
func expectNothingMade(t *testing.T, env *acctest.Environment) {
	t.Helper()
	if _, err := os.Stat(env.DataDir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the data directory was made (%v)", err)
	}
}

func TestPlanOfFirstCreateMakesNothing(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		planned, diagnostics := p.Plan(acctest.Instance{Type: e.resourceType}, e.config)
		p.Must(diagnostics)
		if planned["id"] != "(unknown)" {
			t.Errorf("planned %v", planned)
		}
		expectNothingMade(t, env)
	})
}

func TestFirstCreateMakesControlPlaneAndNamesKeyset(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created, diagnostics := p.Apply(acctest.Instance{Type: e.resourceType}, e.config)
		p.Must(diagnostics)
		acctest.ExpectWarning(t, diagnostics, tfdiag.TitleMade, env.DataDir, env.Keyset, "Back up both")
		if created.ID() == "" {
			t.Error("nothing was created")
		}
		_, diagnostics = p.Apply(created, e.config.With(e.change))
		for _, d := range diagnostics {
			if d.Summary == tfdiag.TitleMade {
				t.Errorf("the second write warns again: %s", d.Detail)
			}
		}
	})
}

// What is in the state was not deleted if the control plane is missing: it is on another one.
func TestObjectInStateWithoutControlPlaneIsError(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		created := env.Protocol().Create(e.resourceType, e.config)
		empty := acctest.New(t)
		p := empty.Protocol()
		read, diagnostics := p.Read(created)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleOtherControlPlane, empty.DataDir, "terraform state rm")
		if !reflect.DeepEqual(read.State, created.State) {
			t.Errorf("the state is %v, want it as it was", read.State)
		}
		_, diagnostics = p.Plan(created, e.config.With(e.change))
		acctest.ExpectError(t, diagnostics, tfdiag.TitleOtherControlPlane)
		left, diagnostics := p.Destroy(created)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleOtherControlPlane)
		if left.State == nil {
			t.Error("the destroy removed the object from the state")
		}
		expectNothingMade(t, empty)
	})
}

func TestImportWithoutControlPlaneIsError(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, _ *acctest.Environment, e entityCase) {
		env := acctest.New(t)
		_, diagnostics := env.Protocol().Import(e.resourceType, e.key, nil)
		acctest.ExpectError(t, diagnostics, tfdiag.TitleNoControlPlane, env.DataDir)
		expectNothingMade(t, env)
	})
}
