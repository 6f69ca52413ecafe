package entity_test

import (
	"reflect"
	"strconv"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// objects are the resources, each with how one is made and changed, and the import by what people know it by.
func objects(env *acctest.Environment) map[string]struct {
	config, change values
	key            string
} {
	return map[string]struct {
		config, change values
		key            string
	}{
		"riva_connection": {env.MailValues(), values{"name": "Mail"}, "name=mail"},
		"riva_sync_policy": {
			values{"name": "Nobody", "interval": "30m", "enabled": false}, values{"interval": "1h"}, "name=nobody",
		},
		"riva_user": {values{"email": "ada@example.com"}, values{"display_name": "Ada"}, "email=ADA@example.com"},
	}
}

func TestIdentityIsTheIDFromCreateToImport(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	for resourceType, o := range objects(env) {
		t.Run(resourceType, func(t *testing.T) {
			p := p.In(t)
			created := p.Create(resourceType, o.config)
			want := values{"id": created.State["id"]}
			if !reflect.DeepEqual(created.Identity, want) || created.State["id"] == nil {
				t.Fatalf("created with the identity %v, want %v", created.Identity, want)
			}
			read, diagnostics := p.Read(created)
			p.Must(diagnostics)
			changed, diagnostics := p.Apply(read, o.config.With(o.change))
			p.Must(diagnostics)
			byID, diagnostics := p.Import(resourceType, created.ID(), nil)
			p.Must(diagnostics)
			byKey, diagnostics := p.Import(resourceType, o.key, nil)
			p.Must(diagnostics)
			byIdentity, diagnostics := p.Import(resourceType, "", want)
			p.Must(diagnostics)
			for how, got := range map[string]acctest.Instance{
				"read": read, "changed": changed, "imported by id": byID, "imported by what people know it by": byKey,
				"imported by identity": byIdentity,
			} {
				if !reflect.DeepEqual(got.Identity, want) {
					t.Errorf("%s, the identity is %v, want %v", how, got.Identity, want)
				}
			}
			for how, got := range map[string]acctest.Instance{"id": byID, "key": byKey, "identity": byIdentity} {
				if !reflect.DeepEqual(got.State, changed.State) {
					t.Errorf("imported by %s, the state is\n%v, want\n%v", how, got.State, changed.State)
				}
			}
		})
	}
}

// A state that an older Terraform wrote has no identity. Any verb gives it one, and none may miss it.
func TestStateWithoutIdentityGetsOne(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	for resourceType, o := range objects(env) {
		t.Run(resourceType, func(t *testing.T) {
			p := p.In(t)
			created := p.Create(resourceType, o.config)
			want := created.Identity
			created.Identity = nil
			// From the same state each, and the change at the control plane last: what is Terraform's alone is nothing else then.
			for _, step := range []struct {
				how    string
				config values
			}{
				{"a change that is Terraform's alone", o.config.With(values{"timeouts": values{"read": "1m"}})},
				{"a change", o.config.With(o.change)},
			} {
				changed, diagnostics := p.Apply(created, step.config)
				p.Must(diagnostics)
				if !reflect.DeepEqual(changed.Identity, want) {
					t.Errorf("after %s the identity is %v, want %v", step.how, changed.Identity, want)
				}
			}
			read, diagnostics := p.Read(created)
			p.Must(diagnostics)
			if !reflect.DeepEqual(read.Identity, want) {
				t.Errorf("read, the identity is %v, want %v", read.Identity, want)
			}
		})
	}
}

func TestDeletedObjectLeavesState(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	p := env.Protocol()
	created := p.Create("riva_user", values{"email": "ada@example.com"})
	if err := env.Client().DeleteUser(t.Context(), created.ID()); err != nil {
		t.Fatal(err)
	}
	without := created
	without.Identity = nil
	for _, known := range []acctest.Instance{created, without} {
		read, diagnostics := p.Read(known)
		p.Must(diagnostics)
		if read.State != nil {
			t.Errorf("the user that is gone is still there: %v", read.State)
		}
	}
}

func TestImportOfMissingIdentity(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol()
	nobody := "0192f0c1-0000-7000-8000-000000000001"
	for _, resourceType := range []string{"riva_connection", "riva_sync_policy", "riva_user"} {
		_, diagnostics := p.Import(resourceType, "", values{"id": acctest.UnknownID})
		acctest.ExpectError(t, diagnostics, "Cannot Import", nobody)
		// An identity is an id and nothing else: a name could be another object's tomorrow.
		_, diagnostics = p.Import(resourceType, "", values{"id": "name=Exchange"})
		acctest.ExpectError(t, diagnostics, "Cannot Import", "name=Exchange")
		for _, none := range []string{"", ".", "..", "../users"} {
			_, diagnostics = p.Import(resourceType, "", values{"id": none})
			acctest.ExpectError(t, diagnostics, "Cannot Import", strconv.Quote(none), "lists what is there", "Import by id, or by ")
		}
	}
}
