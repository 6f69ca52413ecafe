package office365

import (
	"errors"
	"net/url"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// checkSettings refuses an address of the API that is not asked: whoever gives it believes that it is.
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

// checkUsernameUnused refuses a user's name where no user signs in.
func checkUsernameUnused(settings target.Settings) error {
	if settings[username] == "" {
		return nil
	}
	return target.FieldError{
		Field:   username,
		Message: "username is for refresh_token only: with client_secret or certificate the app signs in for itself. Leave it out.",
	}
}

// versionPattern is what follows the address of Graph.
var versionPattern = regexp.MustCompile(`(?i)/(v1\.0|beta)/?$`)

func checkGraphURL(value string) error {
	if u, err := url.Parse(value); err == nil && versionPattern.MatchString(u.Path) {
		return errors.New("must not end in a version such as /v1.0, which is added")
	}
	return nil
}
