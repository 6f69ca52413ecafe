package user_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestUserChangedSinceThePlanIsNotOverwritten(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(ada("ada@example.com", ""))
	c.Must("apply", "-auto-approve")
	c.Write(ada("ada@example.com", `display_name = "Ada"`))
	c.Must("plan", "-out=saved")
	found, err := env.Client().UserByEmail(t.Context(), "ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	name := "Countess"
	if _, err := env.Client().UpdateUser(t.Context(), found.ID, 0, api.UpdateUser{DisplayName: &name}); err != nil {
		t.Fatal(err)
	}
	if out, err := c.Run("apply", "saved"); err == nil || !strings.Contains(out, "Changed Outside Terraform Since the Plan") {
		t.Errorf("the stale plan was applied (error %v):\n%s", err, out)
	}
	if found, err = env.Client().User(t.Context(), found.ID); err != nil || found.DisplayName != name {
		t.Errorf("the display name is %q (error %v), want that of the other client", found.DisplayName, err)
	}
}

// Terraform destroys a user that no longer exists. On the control plane that had it, nothing is left to do. On another one it
// is an error.
func TestDestroyMissingUser(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(ada("ada@example.com", ""))
	c.Must("apply", "-auto-approve")
	here := env.DataDir
	env.DataDir = t.TempDir() + "/other"
	c.Write(ada("ada@example.com", ""))
	if out, err := c.Run("destroy", "-auto-approve", "-refresh=false"); err == nil ||
		!strings.Contains(out, "Wrong Control Plane") {
		t.Errorf("the user was destroyed on a control plane without it (error %v):\n%s", err, out)
	}
	env.DataDir = here
	c.Write(ada("ada@example.com", ""))
	found, err := env.Client().UserByEmail(t.Context(), "ada@example.com")
	if err == nil {
		err = env.Client().DeleteUser(t.Context(), found.ID)
	}
	if err != nil {
		t.Fatal(err)
	}
	if out := c.Must("destroy", "-auto-approve", "-refresh=false"); strings.Contains(out, "Deleted Outside") {
		t.Errorf("destroying a deleted user warns:\n%s", out)
	}
}
