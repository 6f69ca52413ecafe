package target

import (
	"slices"
	"strings"
)

// Grant returns the grant that the settings and credentials match. Its error is a [FieldError] that names the missing or
// contradictory fields.
func (s *System) Grant(settings Settings, credentials Credentials) (Grant, error) {
	var given []string
	for _, f := range s.Secrets() {
		if credentials[f.Name] != "" {
			given = append(given, f.Name)
		}
	}
	if len(given) == 0 {
		return Grant{}, s.noCredentialsError()
	}
	var closest *Grant // has all given secrets, and the fewest missing fields
	for _, g := range s.Grants {
		if !containsAll(slices.Concat(g.Secrets, g.Optional), given) {
			continue
		}
		missing := g.missingFields(settings, credentials)
		if len(missing) == 0 {
			return g.check(settings, credentials)
		}
		if closest == nil || len(missing) < len(closest.missingFields(settings, credentials)) {
			closest = &g
		}
	}
	if closest == nil {
		message := enumerate(given, "and") + " cannot be combined."
		if len(given) == 1 {
			message = given[0] + " alone is not enough to sign in."
		}
		return Grant{}, FieldError{Field: given[0], Secret: true, Message: message, GrantHelp: s.grantHelp()}
	}
	missing := closest.missingFields(settings, credentials)
	field, _ := s.Field(missing[0])
	verb := "requires"
	if len(given) > 1 {
		verb = "require"
	}
	return Grant{}, FieldError{
		Field: field.Name, Secret: field.Secret,
		Message: enumerate(given, "and") + " also " + verb + " " + enumerate(missing, "and") + ".",
	}
}

// check returns the grant, if it works with the settings and its secrets belong together.
func (g Grant) check(settings Settings, credentials Credentials) (Grant, error) {
	if g.CheckSettings != nil {
		if err := g.CheckSettings(settings); err != nil {
			return Grant{}, err
		}
	}
	if g.CheckCredentials != nil {
		if err := g.CheckCredentials(settings, credentials); err != nil {
			return Grant{}, err
		}
	}
	return g, nil
}

func (s *System) noCredentialsError() FieldError {
	var first string
	if secrets := s.Secrets(); len(secrets) > 0 {
		first = secrets[0].Name
	}
	return FieldError{Field: first, Secret: true, Message: s.Title + " requires a secret to sign in.", GrantHelp: s.grantHelp()}
}

// grantHelp lists the fields of each grant.
func (s *System) grantHelp() string {
	options := make([]string, len(s.Grants))
	for i, g := range s.Grants {
		options[i] = strings.Join(slices.Concat(g.Secrets, g.Settings), " with ")
		if len(g.Optional) > 0 {
			options[i] += " (and " + enumerate(g.Optional, "or") + ", if required)"
		}
	}
	return "Set " + enumerate(options, "or") + "."
}

// missingFields lists the fields that the grant requires and that are not set.
func (g Grant) missingFields(settings Settings, credentials Credentials) []string {
	var missing []string
	for _, name := range g.Secrets {
		if credentials[name] == "" {
			missing = append(missing, name)
		}
	}
	for _, name := range g.Settings {
		if settings[name] == "" {
			missing = append(missing, name)
		}
	}
	return missing
}

func containsAll(all, some []string) bool {
	return !slices.ContainsFunc(some, func(name string) bool { return !slices.Contains(all, name) })
}
