package provider

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const variablePrefix = "RIVA_"

// variable is the environment variable of an attribute.
func variable(attribute string) string { return variablePrefix + strings.ToUpper(attribute) }

// maxTypingError is the number of wrong letters up to which a variable looks like a misspelt one.
const maxTypingError = 3

// warnMisspelt warns of environment variables that are nearly one of the provider. Others can belong to another program.
func warnMisspelt(environment []string, attributes map[string]attr.Value, diags *diag.Diagnostics) {
	known := slices.Sorted(maps.Keys(attributes))
	for i, attribute := range known {
		known[i] = variable(attribute)
	}
	known = append(known, api.IDTokenVariable)
	for _, set := range environment {
		name, _, _ := strings.Cut(set, "=")
		if !strings.HasPrefix(strings.ToUpper(name), variablePrefix) || slices.Contains(known, name) {
			continue
		}
		distance := func(variable string) int { return levenshtein.Distance(strings.ToUpper(name), variable, nil) }
		nearest := slices.MinFunc(known, func(a, b string) int { return distance(a) - distance(b) })
		if distance(nearest) <= maxTypingError {
			diags.AddWarning(tfdiag.TitleMisspeltVariable, fmt.Sprintf(
				"The environment variable %s has no effect. If %s is meant, correct its name.", name, nearest))
		}
	}
}
