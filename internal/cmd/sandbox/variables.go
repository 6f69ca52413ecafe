package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// fileMarker is the first line of a variables file. A file with it may be overwritten, since it is left over from a crash; the
// user's own file may not.
const fileMarker = "# Made by the sandbox, which removes it when it stops. The credentials are good for nothing else.\n"

var errForeignFile = errors.New("exists and was not created by this program")

// writeVariables writes the file for Terraform, readable by this user only. The control endpoint and the values for other grants
// are comments: Terraform warns about values for variables that a configuration does not have. So are the users of a single
// system, because only a sync policy with two systems has users.
func writeVariables(name string, s *runningServers) error {
	if err := checkOwnFile(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	var content strings.Builder
	content.WriteString(fileMarker)
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
	return replaceFile(name, content.String())
}

// removeVariables removes the file, unless it was replaced by another one.
func removeVariables(name string) error {
	switch err := checkOwnFile(name); {
	case errors.Is(err, os.ErrNotExist), errors.Is(err, errForeignFile):
		return nil
	case err != nil:
		return err
	}
	return os.Remove(name)
}

// checkOwnFile returns an error unless the file exists and was created by this program.
func checkOwnFile(name string) error {
	content, err := os.ReadFile(name)
	switch {
	case err != nil:
		return fmt.Errorf("read %s: %w", name, err)
	case !strings.HasPrefix(string(content), fileMarker):
		return fmt.Errorf("%s %w; specify another file, or move this one", name, errForeignFile)
	}
	return nil
}

// replaceFile writes a file in one step, so that no program reads an incomplete file, and does not follow a link.
func replaceFile(name, content string) (err error) {
	file, err := os.CreateTemp(filepath.Dir(name), ".sandbox-*") // creates a file with mode 0600
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

// quote returns a string in Terraform's language.
func quote(s string) string {
	return `"` + strings.NewReplacer(
		`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`, "${", "$${", "%{", "%%{",
	).Replace(s) + `"`
}
