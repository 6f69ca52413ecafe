package sapc4c

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// query is what a call asks for.
type query struct {
	json   bool
	top    int // -1: all
	skip   int
	names  []string // $select; none means all
	either [][]comparison
	count  bool
}

// comparison is "Property eq value".
type comparison struct{ property, operator, value string }

// parseQuery reads the query options. The text says what is wrong with them; empty if nothing is.
func parseQuery(raw string) (query, string) {
	q := query{top: -1}
	values, err := url.ParseQuery(raw)
	if err != nil {
		return q, "Malformed URL"
	}
	q.json = values.Get("$format") == "json"
	q.count = values.Get("$inlinecount") == "allpages"
	for name, into := range map[string]*int{"$top": &q.top, "$skip": &q.skip} {
		if !values.Has(name) {
			continue
		}
		if *into, err = strconv.Atoi(values.Get(name)); err != nil || *into < 0 {
			return q, "Invalid " + name
		}
	}
	if values.Get("$select") != "" {
		q.names = strings.Split(values.Get("$select"), ",")
	}
	if filter := values.Get("$filter"); filter != "" {
		var ok bool
		if q.either, ok = parseFilter(filter); !ok {
			return q, "Invalid filter"
		}
	}
	return q, ""
}

// compared is one comparison at the start of a filter, and the word that follows it.
var compared = regexp.MustCompile(`^\s*(\w+) (eq|ne) ('(?:[^']|'')*'|true|false|\d+)(?:\s+(and|or)\s+|\s*$)`)

// parseFilter reads comparisons joined by "and", or by "or" on one property only, as SAP's guide has it; functions and
// brackets are not known. The result is met if all comparisons of one of the lists are.
func parseFilter(filter string) ([][]comparison, bool) {
	var either [][]comparison
	var all []comparison
	alternatives := false
	for filter != "" {
		found := compared.FindStringSubmatch(filter)
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
			either = append(either, all)
			all = nil
		}
	}
	if len(all) > 0 || alternatives && !sameProperty(either) {
		return nil, false
	}
	return either, true
}

func sameProperty(either [][]comparison) bool {
	first := either[0][0].property
	return !slices.ContainsFunc(either, func(all []comparison) bool { return len(all) != 1 || all[0].property != first })
}

// fits tells whether the filter lets a record through, and whether the record has the properties.
func (q query) fits(r record) (fits, known bool) {
	known = true
	for _, all := range q.either {
		met := true
		for _, c := range all {
			value, ok := r[c.property]
			known = known && ok
			met = met && (textOf(value) == c.value) == (c.operator == "eq")
		}
		fits = fits || met
	}
	return fits || len(q.either) == 0, known
}
