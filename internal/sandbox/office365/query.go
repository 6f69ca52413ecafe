package office365

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/odata"
)

// query contains the query parameters of a request (https://learn.microsoft.com/graph/query-parameters).
type query struct {
	odata.Query

	// eventual is ConsistencyLevel: eventual, which counting and the advanced filters of the directory require.
	eventual bool
	values   url.Values
}

// readQuery reads the parameters. Graph accepts them with and without the dollar sign.
func readQuery(r *http.Request) (query, *graphError) {
	values := r.URL.Query()
	eventual := strings.EqualFold(r.Header.Get("ConsistencyLevel"), "eventual")
	dialect := odata.Dialect{
		Functions: []string{"startswith"}, Any: true, FoldNames: true, FoldText: true, MaxTop: 1000,
	}
	if eventual && values.Get("$count") == "true" { // an advanced query
		dialect.Functions = append(dialect.Functions, "endswith")
	}
	parsed, err := dialect.Parse(values)
	if err != nil {
		return query{}, newGraphError("BadRequest", "%s", err)
	}
	return query{parsed, eventual, values}, nil
}

// apply returns the values that match the filter, in the requested order.
func (q query) apply(list []object) ([]object, *graphError) {
	list, err := odata.Apply(q.Query, list)
	if err != nil {
		return nil, newGraphError("BadRequest", "Invalid filter clause or order: %s on type 'microsoft.graph.user'.", err)
	}
	return list, nil
}

// selectProperties returns the selected properties, or the default ones. Graph's own annotations are kept.
func (q query) selectProperties(value object, kind string, defaults []string) (object, *graphError) {
	selected, err := odata.Selected(q.Query, value, defaults...)
	if err != nil {
		return nil, newGraphError("BadRequest", "Parsing OData Select and Expand failed: %s on type 'microsoft.graph.%s'.", err, kind)
	}
	return selected, nil
}

// page returns the requested part of a list as a response body. The link to the next part has the same address.
func (q query) page(list []object, defaults int, context string, self *url.URL) object {
	page, next := odata.Page(q.Query, list, defaults)
	body := object{"@odata.context": context, "value": page}
	if q.Count {
		body["@odata.count"] = len(list)
	}
	if next > 0 {
		address := *self
		values := address.Query()
		values.Set("$skip", strconv.Itoa(next))
		address.RawQuery = values.Encode()
		body["@odata.nextLink"] = address.String()
	}
	return body
}
