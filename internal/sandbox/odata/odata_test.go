package odata_test

import (
	"errors"
	"net/url"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/odata"
)

type row map[string]any

var rows = []row{
	{"name": "Ada", "active": true, "addresses": []string{"smtp:ada@example.com"}, "manager": nil},
	{"name": "Grace", "active": false, "addresses": []string{}, "manager": "Ada"},
	{"name": "O'Turing", "active": true, "addresses": []string{}, "manager": "ada"},
}

// read returns the names of the rows that a query returns.
func read(dialect odata.Dialect, query url.Values) ([]string, error) {
	q, err := dialect.Parse(query)
	if err != nil {
		return nil, err
	}
	found, err := odata.Apply(q, rows)
	if err != nil {
		return nil, err
	}
	page, _ := odata.Page(q, found, 0)
	var names []string
	for _, r := range page {
		name, _ := r["name"].(string)
		names = append(names, name)
	}
	return names, nil
}

func TestQueries(t *testing.T) {
	t.Parallel()
	full := odata.Dialect{
		Functions: []string{"contains", "startswith", "endswith"}, Nested: true, Any: true, FoldNames: true, FoldText: true, MaxTop: 9,
	}
	none, one := odata.Dialect{}, odata.Dialect{OneProperty: true}
	const third = "O'Turing"
	for name, tc := range map[string]struct {
		dialect odata.Dialect
		query   string
		want    []string
		fails   bool
	}{
		"a quote in a text":           {none, "$filter=name eq 'O''Turing'", []string{"O'Turing"}, false},
		"letter case counts":          {none, "$filter=manager eq 'ada'", []string{"O'Turing"}, false},
		"letter case is ignored":      {full, "$filter=MANAGER eq 'ADA'", []string{"Grace", "O'Turing"}, false},
		"null":                        {none, "$filter=manager eq null", []string{"Ada"}, false},
		"and before or":               {none, "$filter=name eq 'Ada' or active eq true and name ne 'X'", []string{"Ada", third}, false},
		"parentheses and not":         {full, "$filter=not (active eq true and name eq 'Ada')", []string{"Grace", "O'Turing"}, false},
		"a function":                  {full, "$filter=contains(name,'tur')", []string{"O'Turing"}, false},
		"an element of a list":        {full, "$filter=addresses/any(a:a eq 'SMTP:ada@example.com')", []string{"Ada"}, false},
		"order, page":                 {none, "$orderby=name desc&$skip=1&$top=1", []string{"Grace"}, false},
		"without the dollar sign":     {full, "top=1", []string{"Ada"}, false},
		"parentheses are unsupported": {none, "$filter=(name eq 'Ada')", nil, true},
		"functions are unsupported":   {none, "$filter=contains(name,'a')", nil, true},
		"lists are unsupported":       {none, "$filter=addresses/any(a:a eq 'x')", nil, true},
		"an unknown property":         {full, "$filter=nothing eq 1", nil, true},
		"an unknown order":            {full, "$orderby=nothing", nil, true},
		"an unknown operator":         {full, "$filter=name like 'x'", nil, true},
		"an open text":                {full, "$filter=name eq 'x", nil, true},
		"a word after the filter":     {full, "$filter=name eq 'x' extra", nil, true},
		"a large page":                {full, "$top=10", nil, true},
		"a negative skip":             {none, "$skip=-1", nil, true},
		"expansion":                   {none, "$expand=manager", nil, true},
		"or on one property":          {one, "$filter=name eq 'Ada' or name eq 'Grace'", []string{"Ada", "Grace"}, false},
		"or on two properties":        {one, "$filter=name eq 'Ada' or active eq true", nil, true},
	} {
		query, err := url.ParseQuery(tc.query)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := read(tc.dialect, query); (err != nil) != tc.fails || !slices.Equal(got, tc.want) {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
}

func TestSelection(t *testing.T) {
	t.Parallel()
	q, err := odata.Dialect{}.Parse(url.Values{"$select": {"name, active"}})
	if err != nil {
		t.Fatal(err)
	}
	got, err := odata.Selected(q, row{"@note": 1, "name": "Ada", "active": true, "other": 2})
	if err != nil || len(got) != 3 || got["@note"] != 1 || got["name"] != "Ada" {
		t.Errorf("%v %v", got, err)
	}
	if _, err := odata.Selected(q, row{"name": "Ada"}); !errors.Is(err, odata.UnknownPropertyError("active")) {
		t.Errorf("an unknown property: %v", err)
	}
	if got, err := odata.Selected(odata.Query{}, row{"name": "Ada", "other": 2}, "name"); err != nil || len(got) != 1 {
		t.Errorf("the default: %v %v", got, err)
	}
}
