package provider_test

import (
	"errors"
	"os"
	"runtime"
	"strings"
	"sync"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestDataDirectoryOfOthersIsWarning(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		return
	}
	env := acctest.New(t)
	if err := errors.Join(os.Mkdir(env.DataDir, 0o700), os.Chmod(env.DataDir, 0o777)); err != nil {
		t.Fatal(err)
	}
	c := env.Command(acctest.Mail(""))
	want := acctest.MatchText("Others May Get to the Data of the Control Plane", "mode 0777", "run chmod go-w", env.DataDir)
	if out := c.Must("plan"); !want.MatchString(out) {
		t.Errorf("the plan does not warn of the data directory:\n%s", out)
	}
	if err := os.Chmod(env.DataDir, 0o700); err != nil {
		t.Fatal(err)
	}
	if out := c.Must("plan"); strings.Contains(out, "Others May Get") {
		t.Errorf("the plan warns of a safe data directory:\n%s", out)
	}
}

func TestValidateNeedsNoConfiguration(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Must("validate")
	if _, err := os.Stat(env.DataDir); !os.IsNotExist(err) {
		t.Errorf("terraform validate made a data directory (%v)", err)
	}
}

func TestConcurrentApplies(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	first := env.Command(acctest.Mail(""))
	second := env.Command(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"Second"`))
	var done sync.WaitGroup
	for _, c := range []*acctest.Command{first, second} {
		done.Go(func() {
			if out, err := c.Run("apply", "-auto-approve"); err != nil {
				t.Errorf("apply: %v\n%s", err, out)
			}
		})
	}
	done.Wait()
	connections, err := env.Client().Connections(t.Context(), api.ConnectionFilter{})
	if err != nil || len(connections) != 2 {
		t.Errorf("two applies at once left %d connections (error %v), want 2", len(connections), err)
	}
	for _, c := range []*acctest.Command{first, second} {
		if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
			t.Errorf("the plan afterwards is not empty: %v\n%s", err, out)
		}
	}
}
