package office365

import (
	"errors"
	"net/url"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// checkSettings rejects the address of the API that is not used, since a user who sets it expects it to be used.
func checkSettings(settings target.Settings) error {
	selected := settings[api]
	if selected == "" {
		selected = graph
	}
	for address, of := range map[string]string{graphURL: graph, ewsURL: webServices} {
		if settings[address] != "" && of != selected {
			return target.FieldError{Field: address, Message: address + ` is for api = "` + of + `"; leave it out.`}
		}
	}
	return nil
}

// checkUsernameUnused rejects a user name if no user signs in.
func checkUsernameUnused(settings target.Settings) error {
	if settings[username] == "" {
		return nil
	}
	return target.FieldError{
		Field:   username,
		Message: "username is for refresh_token only: with client_secret or certificate the app signs in for itself. Leave it out.",
	}
}

// versionPattern matches the version after the address of Graph.
var versionPattern = regexp.MustCompile(`(?i)/(v1\.0|beta)/?$`)

func checkGraphURL(value string) error {
	if u, err := url.Parse(value); err == nil && versionPattern.MatchString(u.Path) {
		return errors.New("must not end in a version such as /v1.0, which is added")
	}
	return nil
}
