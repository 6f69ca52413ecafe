package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// madeHere is the first line of a variables file: one that is left over from a crash may be overwritten, a person's own
// may not.
const madeHere = "# Made by the sandbox, which removes it when it stops. The credentials are good for nothing else.\n"

var errNotOurs = errors.New("exists and was not made by this program")

// writeVariables writes the file for Terraform, readable by this user only. The control endpoint and what other ways to
// sign in need are comments: Terraform complains about values for variables that a configuration does not have. So are
// the users of a single system, since only a sync policy over two has users.
func writeVariables(name string, s *running) error {
	if err := check(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var content strings.Builder
	content.WriteString(madeHere)
	line := func(comment bool, name, value string) {
		if comment {
			name = "# " + name
		}
		fmt.Fprintf(&content, "%-36s = %s\n", name, value)
	}
	line(true, "sandbox_control_url", quote(s.control.URL()))
	for _, server := range s.servers {
		for _, v := range server.Variables() {
			if v.Value != "" {
				line(v.Alternative, v.Name, quote(v.Value))
			}
		}
	}
	emails := standins.Users()
	for i, email := range emails {
		emails[i] = quote(email)
	}
	line(len(s.servers) == 1, "user_emails", "["+strings.Join(emails, ", ")+"]")
	return replace(name, content.String())
}

// removeVariables removes the file, unless a person has put another one in its place.
func removeVariables(name string) error {
	switch err := check(name); {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, errNotOurs):
		return nil
	case err != nil:
		return err
	}
	return os.Remove(name)
}

// check returns an error unless there is a file of this name that this program made.
func check(name string) error {
	content, err := os.ReadFile(name)
	switch {
	case err != nil:
		return fmt.Errorf("look at %s: %w", name, err)
	case !strings.HasPrefix(string(content), madeHere):
		return fmt.Errorf("%s %w; name another file or move it away", name, errNotOurs)
	}
	return nil
}

// replace writes a file in one step, so that nobody reads half of it, and never through somebody else's link.
func replace(name, content string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".sandbox-*") // made with mode 0600
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("write %s: %w", name, err), os.Remove(file.Name()))
		}
	}()
	if _, err := file.WriteString(content); err != nil {
		return errors.Join(err, file.Close())
	}
	if err := file.Close(); err != nil {
		return err
	}
	return os.Rename(file.Name(), name)
}

// quote writes a string in Terraform's language.
func quote(s string) string {
	return `"` + strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{",
	).Replace(s) + `"`
}
