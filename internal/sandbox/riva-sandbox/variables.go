package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// madeHere is the first line of a variables file: one that is left over from a crash may be overwritten, a person's own
// may not.
const madeHere = "# Made by riva-sandbox, which removes it when it stops. The credentials are good for nothing else.\n"

var errNotOurs = errors.New("exists and was not made by this program")

// writeVariables writes the file for Terraform, readable by this user only. The control endpoint and what other ways to
// sign in need are comments: Terraform complains about values for variables that a configuration does not have.
func writeVariables(name string, s *standIns) error {
	if err := check(name); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	emails := users(s.exchange)
	for i, email := range emails {
		emails[i] = quote(email)
	}
	service := s.exchange.Service()
	list := [][2]string{
		{"# sandbox_control_url", quote(s.control.URL())},
		{"exchange_url", quote(s.exchange.URL())},
		{"exchange_username", quote(service.Email)},
		{"exchange_password", quote(service.Password)},
		{"exchange_ca_certificate", quote(s.exchange.CA())},
	}
	list = append(list, salesforceVariables(s.salesforce)...)
	list = append(list, [2]string{"user_emails", "[" + strings.Join(emails, ", ") + "]"})
	var content strings.Builder
	content.WriteString(madeHere)
	for _, v := range list {
		if v[1] != `""` { // nothing to trust without TLS
			fmt.Fprintf(&content, "%-26s = %s\n", v[0], v[1])
		}
	}
	return replace(name, content.String())
}

// salesforceVariables are those of a sign-in with the key, at the host that serves all grants; then come the others'.
func salesforceVariables(server *salesforce.Server) [][2]string {
	app, service := server.App(), server.Service()
	return [][2]string{
		{"salesforce_login_url", quote(server.MyDomainURL())},
		{"salesforce_username", quote(service.Username)},
		{"salesforce_organization_id", quote(service.OrganizationID)},
		{"salesforce_client_id", quote(app.ConsumerKey)},
		{"salesforce_private_key", quote(app.PrivateKey)},
		{"# salesforce_client_secret", quote(app.Secret)},
		{"# salesforce_refresh_token", quote(server.RefreshToken())},
		{"salesforce_ca_certificate", quote(server.CA())},
	}
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
	file, err := os.CreateTemp(filepath.Dir(name), ".riva-sandbox-*") // made with mode 0600
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
