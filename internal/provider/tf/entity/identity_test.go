package entity_test

import (
	"reflect"
	"strconv"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestImportGivesStateAndIdentityOfCreate(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		for id, identity := range map[string]values{created.ID(): nil, e.key: nil, "": created.Identity} {
			imported, diagnostics := p.ImportOnly(e.resourceType, id, identity)
			p.Must(diagnostics)
			if !reflect.DeepEqual(imported.State, created.State) {
				t.Errorf("imported by %q, the state is\n%v, want\n%v", id, imported.State, created.State)
			}
			if !reflect.DeepEqual(imported.Identity, created.Identity) {
				t.Errorf("imported by %q, the identity is %v, want %v", id, imported.Identity, created.Identity)
			}
			expectOrigin(t, env, imported, 1)
		}
	})
}

func TestIdentityIsIDAfterEveryVerb(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		want := values{"id": created.ID()}
		read, diagnostics := p.Read(created)
		p.Must(diagnostics)
		updated, diagnostics := p.Apply(read, e.config.With(e.change))
		p.Must(diagnostics)
		imported, diagnostics := p.Import(e.resourceType, created.ID(), nil)
		p.Must(diagnostics)
		for verb, got := range map[string]acctest.Instance{
			"create": created, "read": read, "update": updated, "import": imported,
		} {
			if !reflect.DeepEqual(got.Identity, want) {
				t.Errorf("after the %s the identity is %v, want %v", verb, got.Identity, want)
			}
		}
	})
}

// A state that an older Terraform wrote has no identity. Every verb sets it.
func TestStateWithoutIdentityGetsOne(t *testing.T) {
	t.Parallel()
	eachEntity(t, func(t *testing.T, env *acctest.Environment, e entityCase) {
		p := env.Protocol()
		created := p.Create(e.resourceType, e.config)
		want := created.Identity
		created.Identity = nil
		// Both start from the same state. The change of the object comes last, so that the first changes only the timeouts.
		for _, step := range []struct {
			when   string
			config values
		}{
			{"an update of the timeouts", e.config.With(values{"timeouts": values{"read": "1m"}})},
			{"an update", e.config.With(e.change)},
		} {
			updated, diagnostics := p.Apply(created, step.config)
			p.Must(diagnostics)
			if !reflect.DeepEqual(updated.Identity, want) {
				t.Errorf("after %s the identity is %v, want %v", step.when, updated.Identity, want)
			}
		}
		read, diagnostics := p.Read(created)
		p.Must(diagnostics)
		if !reflect.DeepEqual(read.Identity, want) {
			t.Errorf("after the read the identity is %v, want %v", read.Identity, want)
		}
	})
}

func TestImportOfMissingIdentity(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Made().Protocol()
	for _, resourceType := range []string{"riva_connection", "riva_sync_policy", "riva_user"} {
		_, diagnostics := p.Import(resourceType, "", values{"id": acctest.UnknownID})
		acctest.ExpectError(t, diagnostics, "Cannot Import", acctest.UnknownID)
		// An identity is an id and nothing else: tomorrow another object can have the name.
		_, diagnostics = p.Import(resourceType, "", values{"id": "name=Exchange"})
		acctest.ExpectError(t, diagnostics, "Cannot Import", "name=Exchange")
		for _, invalid := range []string{"", ".", "..", "../users"} {
			_, diagnostics = p.Import(resourceType, "", values{"id": invalid})
			acctest.ExpectError(t, diagnostics, "Cannot Import", strconv.Quote(invalid), "lists", "Import by id, or by ")
		}
	}
}
