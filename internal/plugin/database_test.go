//go:build unix

package plugin_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// A backup that copies the one file between two commands has everything.
func TestDatabaseFileIsCompleteAfterApply(t *testing.T) {
	t.Parallel()
	w := acctest.New(t)
	body := acctest.Mail("") + acctest.CRM(acctest.RefreshToken, "")
	c := w.Command(body)
	c.Must("apply", "-auto-approve")
	content, err := os.ReadFile(filepath.Join(w.DataDir, "riva.db"))
	if err != nil {
		t.Fatal(err)
	}
	w.DataDir = filepath.Join(t.TempDir(), "restored")
	if err := errors.Join(os.Mkdir(w.DataDir, 0o700),
		os.WriteFile(filepath.Join(w.DataDir, "riva.db"), content, 0o600)); err != nil {
		t.Fatal(err)
	}
	c.Write(body)
	if out, err := c.Run("plan", "-detailed-exitcode"); err != nil {
		t.Errorf("with the copy, the plan is not empty: %v\n%s", err, out)
	}
}

// Otherwise, the apply would be complete, and everything would be gone.
func TestApplyFailsIfDatabaseIsReplaced(t *testing.T) {
	t.Parallel()
	for name, replace := range map[string]func(w *acctest.World) error{
		"data directory deleted": func(w *acctest.World) error { return os.RemoveAll(w.DataDir) },
		"database moved": func(w *acctest.World) error {
			return os.Rename(filepath.Join(w.DataDir, "riva.db"), filepath.Join(w.DataDir, "old.db"))
		},
		"another file": func(w *acctest.World) error {
			path := filepath.Join(w.DataDir, "riva.db")
			return errors.Join(os.Remove(path), os.WriteFile(path, nil, 0o600))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := acctest.New(t)
			c := w.Command(acctest.Mail(""))
			terraform, _ := startSlowApply(t, w, c)
			if err := replace(w); err != nil {
				t.Fatal(err)
			}
			w.Exchange.Clear()
			out, err := terraform.End()
			if err == nil || strings.Contains(out, "Apply complete") ||
				!strings.Contains(out, "The database file is not the one that was opened") ||
				!strings.Contains(unwrapped(out), "put the file back") {
				t.Errorf("%v\n%s", err, out)
			}
			if state, _ := c.Run("state", "list"); strings.Contains(state, "riva_connection") {
				t.Errorf("the state has\n%s", state)
			}
		})
	}
}

// unwrapped undoes the line breaks that Terraform puts into messages.
func unwrapped(out string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(out, "│", " ")), " ")
}
