package connection

import (
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// knownLater stands for a value that is not known yet.
const knownLater = "known after apply"

// maxPossibleSettings bounds the ways in which unknown settings may turn out that are looked at. Where there are more, the apply
// decides.
const maxPossibleSettings = 1000

// grantCheck is what is configured of one target system.
type grantCheck struct {
	system         *target.System
	settings       target.Settings
	credentials    target.Credentials
	unknown        []string // settings
	unknownSecrets []string
}

// validateGrants checks that the settings go together, and that the secrets with them make one of the grants, as far as
// that is certain: what is not known yet may turn out to be anything, null included. Values that are wrong by themselves
// are left to their own validators.
func validateGrants(system *target.System, config model, diags *diag.Diagnostics) {
	t := grantCheck{system: system}
	t.settings, t.unknown = config.settings(system)
	t.credentials, t.unknownSecrets = config.secrets(system)
	if len(t.unknown)+len(t.unknownSecrets) > 0 {
		t.system = withoutChecks(system)
	}
	for _, given := range []map[string]string{t.settings, t.credentials} {
		for name, value := range given {
			if f, _ := system.Field(name); f.Check(value, target.Network{LoopbackHTTP: true}) != nil {
				return
			}
		}
	}
	title, problem := t.fieldError()
	if problem == nil {
		return
	}
	detail := problem.Message
	if title == tfdiag.TitleGrant {
		detail += "\n\nCredentials of " + system.Title + " are " + grantsText(system) + "."
	}
	if at, ok := attributePath(system)(problem.Field); ok {
		tfdiag.AddAttributeError(diags, at, title, detail)
		return
	}
	tfdiag.AddWithoutValue(diags, system.Name, title, detail)
}

// withoutChecks is the system without looking at whether values fit each other: those that are not known yet may.
func withoutChecks(system *target.System) *target.System {
	s := *system
	s.Grants = slices.Clone(system.Grants)
	for i := range s.Grants {
		s.Grants[i].CheckCredentials = nil
	}
	return &s
}

// fieldError is what is wrong however the unknown values turn out; nil if it may become right.
func (t grantCheck) fieldError() (title string, problem *target.FieldError) {
	looked := 0
	for settings := range t.possibleSettings(t.settings, t.unknown) {
		looked++
		why, wrong := t.check(settings)
		if wrong == nil || looked > maxPossibleSettings {
			return "", nil
		}
		if problem == nil {
			title, problem = why, wrong
		}
	}
	return title, problem
}

// check says what is wrong with one completion of the settings. What is wrong with a value that stands for any does not
// count.
func (t grantCheck) check(settings target.Settings) (title string, problem *target.FieldError) {
	title = tfdiag.TitleInvalid
	var err error
	if t.system.Check != nil {
		err = t.system.Check(settings)
	}
	if err == nil {
		title, err = tfdiag.TitleGrant, t.grantProblem(settings)
	}
	found, wrong := errors.AsType[target.FieldError](err)
	if !wrong || settings[found.Field] == knownLater {
		return "", nil
	}
	return title, &found
}

// possibleSettings are the ways in which unknown settings may turn out, the ones with most values first: to have one of the
// allowed values, or any, or none.
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

// grantProblem says why credentials make no grant, whether or not there will be a value for each unknown secret: a
// variable may turn out to be null, as for a module that leaves the choice of the grant to its caller.
func (t grantCheck) grantProblem(settings target.Settings) (err error) {
	for given := range 1 << len(t.unknownSecrets) {
		credentials := maps.Clone(t.credentials)
		for i, name := range t.unknownSecrets {
			if given>>i&1 == 1 {
				credentials[name] = knownLater
			}
		}
		if len(credentials) == 0 {
			return nil
		}
		if _, err = t.system.Grant(settings, credentials); err == nil {
			return nil
		}
	}
	return err
}
