package entity_test

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// entityCase is an entity under the contract that all of them keep. The tests speak Terraform's protocol, so that they show
// what an entity does, whatever its code is.
type entityCase struct {
	resourceType string
	// config creates an object, and change is what an update changes of it.
	config, change values
	// key imports the object by what is unique beside its id.
	key string
	// path is where the API has the objects.
	path string
	// find returns the revision of an object and the value that the change sets.
	find func(ctx context.Context, c *api.Client, id string) (revision int64, value string, err error)
	// update is a change by another client, and remove deletes.
	update func(ctx context.Context, c *api.Client, id, value string) error
	remove func(c *api.Client, ctx context.Context, id string) error
}

func entityCases(env *acctest.Environment) []entityCase {
	return []entityCase{
		{
			resourceType: "riva_connection", config: env.MailValues(), change: values{"name": "Mine"}, key: "name=EXCHANGE",
			path: "/v1/connections",
			find: func(ctx context.Context, c *api.Client, id string) (int64, string, error) {
				found, err := c.Connection(ctx, id)
				return found.Revision, found.Name, err
			},
			update: func(ctx context.Context, c *api.Client, id, value string) error {
				_, err := c.UpdateConnection(ctx, id, 0, api.UpdateConnection{Name: &value})
				return err
			},
			remove: (*api.Client).DeleteConnection,
		},
		{
			resourceType: "riva_sync_policy", config: values{"name": "Mail", "interval": "30m", "enabled": false},
			change: values{"name": "Mine"}, key: "name=mail", path: "/v1/sync-policies",
			find: func(ctx context.Context, c *api.Client, id string) (int64, string, error) {
				found, err := c.Policy(ctx, id)
				return found.Revision, found.Name, err
			},
			update: func(ctx context.Context, c *api.Client, id, value string) error {
				_, err := c.UpdatePolicy(ctx, id, 0, api.UpdatePolicy{Name: &value})
				return err
			},
			remove: (*api.Client).DeletePolicy,
		},
		{
			resourceType: "riva_user", config: values{"email": "ada@example.com"}, change: values{"display_name": "Mine"},
			key: "email=ADA@example.com", path: "/v1/users",
			find: func(ctx context.Context, c *api.Client, id string) (int64, string, error) {
				found, err := c.User(ctx, id)
				return found.Revision, found.DisplayName, err
			},
			update: func(ctx context.Context, c *api.Client, id, value string) error {
				_, err := c.UpdateUser(ctx, id, 0, api.UpdateUser{DisplayName: &value})
				return err
			},
			remove: (*api.Client).DeleteUser,
		},
	}
}

// eachEntity runs a test for each entity, in an environment of its own.
func eachEntity(t *testing.T, test func(*testing.T, *acctest.Environment, entityCase)) {
	t.Helper()
	for i, e := range entityCases(acctest.New(t)) {
		t.Run(e.resourceType, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			test(t, env, entityCases(env)[i])
		})
	}
}

// origin reads the origin in the private state of an instance; zero if it has none.
func origin(t *testing.T, of acctest.Instance) controlplane.Origin {
	t.Helper()
	var private map[string][]byte
	var origin controlplane.Origin
	if len(of.Private) == 0 {
		return origin
	}
	err := json.Unmarshal(of.Private, &private)
	if err == nil && private["origin"] != nil {
		err = json.Unmarshal(private["origin"], &origin)
	}
	if err != nil {
		t.Fatalf("read the private state %s: %v", of.Private, err)
	}
	return origin
}

// withOrigin is the instance with another origin in its private state.
func withOrigin(t *testing.T, of acctest.Instance, origin controlplane.Origin) acctest.Instance {
	t.Helper()
	raw, err := json.Marshal(origin)
	if err == nil {
		of.Private, err = json.Marshal(map[string][]byte{"origin": raw})
	}
	if err != nil {
		t.Fatal(err)
	}
	return of
}

// expectOrigin fails the test unless the private state has the control plane of the environment and the revision.
func expectOrigin(t *testing.T, env *acctest.Environment, of acctest.Instance, revision int64) {
	t.Helper()
	instance, err := env.Client().Instance(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if got, want := origin(t, of), (controlplane.Origin{Instance: instance.ID, Revision: revision}); got != want {
		t.Errorf("the private state has %+v, want %+v", got, want)
	}
}

// revisionOf is the revision that the control plane has.
func revisionOf(t *testing.T, env *acctest.Environment, e entityCase, id string) int64 {
	t.Helper()
	revision, _, err := e.find(t.Context(), env.Client(), id)
	if err != nil {
		t.Fatal(err)
	}
	return revision
}
