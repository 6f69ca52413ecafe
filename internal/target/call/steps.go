package call

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// clauseEnd matches what ends the name of a screen in a help step.
	clauseEnd = regexp.MustCompile(`[:;,.](?:\s|$)`)
	command   = regexp.MustCompile("`[^`]+`")
)

// withHint puts the help step of an error before the general ones, without those about the same place: the hint is more specific.
func withHint(hint string, general []string) []string {
	place := placeOf(hint)
	return append([]string{hint}, slices.DeleteFunc(slices.Clone(general), func(step string) bool {
		return step == hint || place != "" && placeOf(step) == place
	})...)
}

// placeOf returns the screen that a help step is about, such as "Setup → Users", or else its command; empty if it has neither.
func placeOf(step string) string {
	for _, clause := range clauseEnd.Split(step, -1) {
		if strings.Contains(clause, " → ") {
			return strings.TrimSpace(clause)
		}
	}
	return command.FindString(step)
}
