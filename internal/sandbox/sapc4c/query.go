package sapc4c

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// query contains the query options of a call.
type query struct {
	json     bool
	top      int // -1 means all
	skip     int
	selected []string // $select; empty means all
	filter   [][]comparison
	count    bool
}

// comparison is "Property eq value".
type comparison struct{ property, operator, value string }

// parseQuery parses the query options. The text describes an error; it is empty for a valid query.
func parseQuery(raw string) (query, string) {
	q := query{top: -1}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, "Malformed URL"
	}
	q.json = values.Get("$format") == "json"
	q.count = values.Get("$inlinecount") == "allpages"
	for name, target := range map[string]*int{"$top": &q.top, "$skip": &q.skip} {
		if !values.Has(name) {
			continue
		}
		if *target, err = strconv.Atoi(values.Get(name)); err != nil || *target < 0 {
			return q, "Invalid " + name
		}
	}
	if values.Get("$select") != "" {
		q.selected = strings.Split(values.Get("$select"), ",")
	}
	if filter := values.Get("$filter"); filter != "" {
		var ok bool
		if q.filter, ok = parseFilter(filter); !ok {
			return q, "Invalid filter"
		}
	}
	return q, ""
}

// comparisonPattern matches a comparison at the start of a filter, and the operator that follows it.
var comparisonPattern = regexp.MustCompile(`^\s*(\w+) (eq|ne) ('(?:[^']|'')*'|true|false|\d+)(?:\s+(and|or)\s+|\s*$)`)

// parseFilter parses comparisons that are joined by "and", or by "or" on one property only, as SAP's guide requires.
// Functions and parentheses are not supported. The filter matches if all comparisons of one of the lists are true.
func parseFilter(filter string) ([][]comparison, bool) {
	var filterLists [][]comparison
	var all []comparison
	alternatives := false
	for filter != "" {
		found := comparisonPattern.FindStringSubmatch(filter)
		if found == nil {
			return nil, false
		}
		filter = filter[len(found[0]):]
		value := found[3]
		if strings.HasPrefix(value, "'") {
			value = strings.ReplaceAll(value[1:len(value)-1], "''", "'")
		}
		all = append(all, comparison{property: found[1], operator: found[2], value: value})
		if found[4] == "or" || filter == "" {
			alternatives = alternatives || found[4] == "or"
			filterLists = append(filterLists, all)
			all = nil
		}
	}
	if len(all) > 0 || alternatives && !sameProperty(filterLists) {
		return nil, false
	}
	return filterLists, true
}

func sameProperty(filterLists [][]comparison) bool {
	first := filterLists[0][0].property
	return !slices.ContainsFunc(filterLists, func(all []comparison) bool { return len(all) != 1 || all[0].property != first })
}

// matches reports whether a record matches the filter, and whether it has the properties.
func (q query) matches(r record) (matched, known bool) {
	known = true
	for _, all := range q.filter {
		met := true
		for _, c := range all {
			value, ok := r[c.property]
			known = known && ok
			met = met && (textOf(value) == c.value) == (c.operator == "eq")
		}
		matched = matched || met
	}
	return matched || len(q.filter) == 0, known
}
