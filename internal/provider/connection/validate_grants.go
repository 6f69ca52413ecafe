package connection

import (
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// knownLater represents a value that is not known yet.
const knownLater = "known after apply"

// maxPossibleSettings is how many combinations of unknown settings are checked. If there are more, the apply decides.
const maxPossibleSettings = 1000

// grantCheck is the configuration of one target system.
type grantCheck struct {
	system         *target.System
	settings       target.Settings
	credentials    target.Credentials
	unknown        []string // settings
	unknownSecrets []string
}

// validateGrants checks that the settings are valid together, and that the secrets and settings are those of a grant. It reports
// only certain errors: a value that is not known yet can become anything, null included. Values that are invalid on their
// own are reported by their validators.
func validateGrants(system *target.System, config model, diags *diag.Diagnostics) {
	t := grantCheck{system: system}
	t.settings, t.unknown = config.settings(system)
	t.credentials, t.unknownSecrets = config.secrets(system)
	if len(t.unknown)+len(t.unknownSecrets) > 0 {
		t.system = withoutChecks(system)
	}
	for _, values := range []map[string]string{t.settings, t.credentials} {
		for name, value := range values {
			if f, _ := system.Field(name); f.Check(value, target.Network{LoopbackHTTP: true}) != nil {
				return
			}
		}
	}
	title, found := t.fieldError()
	if found == nil || missing(system, config, found.Field) {
		return
	}
	detail := found.Message
	if f, ok := system.Field(found.Field); ok && title == tfdiag.TitleInvalid && config.field(system, f).IsNull() {
		title = tfdiag.TitleMissing
	}
	if title == tfdiag.TitleGrant {
		detail += "\n\nCredentials of " + system.Title + " are " + grantsText(system) + "."
	}
	if at, ok := attributePath(system)(found.Field); ok {
		tfdiag.AddAttributeError(diags, at, title, detail)
		return
	}
	diags.AddAttributeError(path.Root(system.Name), title, detail)
}

// withoutChecks is the system without the checks of credentials against each other: unknown ones may be valid.
func withoutChecks(system *target.System) *target.System {
	s := *system
	s.Grants = slices.Clone(system.Grants)
	for i := range s.Grants {
		s.Grants[i].CheckCredentials = nil
	}
	return &s
}

// fieldError is the error that remains with any of the unknown values; nil if the configuration can become valid.
func (t grantCheck) fieldError() (title string, invalid *target.FieldError) {
	checked := 0
	for settings := range t.possibleSettings(t.settings, t.unknown) {
		checked++
		nextTitle, next := t.check(settings)
		if next == nil || checked > maxPossibleSettings {
			return "", nil
		}
		if invalid == nil {
			title, invalid = nextTitle, next
		}
	}
	return title, invalid
}

// check returns the error of one combination of settings. An error of a value that is not known yet does not count.
func (t grantCheck) check(settings target.Settings) (title string, invalid *target.FieldError) {
	title = tfdiag.TitleInvalid
	var err error
	if t.system.Check != nil {
		err = t.system.Check(settings)
	}
	if err == nil {
		title, err = tfdiag.TitleGrant, t.grantError(settings)
	}
	found, ok := errors.AsType[target.FieldError](err)
	if !ok || settings[found.Field] == knownLater {
		return "", nil
	}
	return title, &found
}

// possibleSettings yields the settings that the unknown ones can become, those with most values first: each has one of the
// allowed values, any value, or none.
func (t grantCheck) possibleSettings(known target.Settings, unknown []string) iter.Seq[target.Settings] {
	return func(yield func(target.Settings) bool) {
		if len(unknown) == 0 {
			yield(known)
			return
		}
		f, _ := t.system.Field(unknown[0])
		values := f.Allowed
		if len(values) == 0 {
			values = []string{knownLater}
		}
		if !f.Required {
			values = append(slices.Clone(values), "")
		}
		for _, value := range values {
			next := maps.Clone(known)
			if value != "" {
				next[f.Name] = value
			}
			for completed := range t.possibleSettings(next, unknown[1:]) {
				if !yield(completed) {
					return
				}
			}
		}
	}
}

// grantError returns why credentials are not those of a grant, whether or not each unknown secret gets a value: a variable
// can be null, as in a module whose caller chooses the grant.
func (t grantCheck) grantError(settings target.Settings) (err error) {
	for combination := range 1 << len(t.unknownSecrets) {
		credentials := maps.Clone(t.credentials)
		for i, name := range t.unknownSecrets {
			if combination>>i&1 == 1 {
				credentials[name] = knownLater
			}
		}
		if len(credentials) == 0 {
			return nil
		}
		if t.system.Waits(settings, credentials) {
			return nil
		}
		if _, err = t.system.Grant(settings, credentials); err == nil {
			return nil
		}
	}
	return err
}
