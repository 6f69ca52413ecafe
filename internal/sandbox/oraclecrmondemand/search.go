package oraclecrmondemand

import (
	"regexp"
	"slices"
	"strings"
)

// condition matches "[Field] = 'value'" of a search specification, and the operator that follows it.
var condition = regexp.MustCompile(`^\s*\[(\w+)\]\s*=\s*'((?:[^']|'')*)'\s*(OR|AND|$)\s*`)

// parseSearch parses the search specification of a query: alternatives, each with conditions that must all be met.
func parseSearch(template element) ([]map[string]string, bool) {
	spec := template.attribute("searchspec")
	if spec == "" {
		return []map[string]string{{}}, true
	}
	all := map[string]string{}
	var alternatives []map[string]string
	for {
		found := condition.FindStringSubmatch(spec)
		if found == nil {
			return nil, false
		}
		all[found[1]] = strings.ReplaceAll(found[2], "''", "'")
		spec = spec[len(found[0]):]
		if found[3] != "AND" {
			alternatives = append(alternatives, all)
			all = map[string]string{}
		}
		if found[3] == "" {
			return alternatives, spec == ""
		}
	}
}

func matches(alternatives []map[string]string, record map[string]string) bool {
	return slices.ContainsFunc(alternatives, func(all map[string]string) bool {
		for field, value := range all {
			if record[field] != value {
				return false
			}
		}
		return true
	})
}
