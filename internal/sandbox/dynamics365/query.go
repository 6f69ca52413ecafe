package dynamics365

import (
	"errors"
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/odata"
)

// dialect is the supported part of OData. The database ignores letter case in texts.
var dialect = odata.Dialect{Functions: []string{"contains", "startswith", "endswith"}, Nested: true, FoldText: true}

// list serves a query for rows: $filter, $select, $top and $count.
func (c *caller) list(set, kind string, rows []row) sandbox.Response {
	query, err := dialect.Parse(c.call.Request.URL.Query())
	if err != nil {
		return queryError(kind, err).response()
	}
	if rows, err = odata.Apply(query, rows); err != nil {
		return queryError(kind, err).response()
	}
	body := row{"@odata.context": c.context(set, "")}
	if query.Count {
		body["@odata.count"] = len(rows)
	}
	page, _ := odata.Page(query, rows, 0)
	for i, r := range page {
		if page[i], err = selectColumns(query, r, kind); err != nil {
			return queryError(kind, err).response()
		}
	}
	body["value"] = page
	return jsonResponse(http.StatusOK, body)
}

// single serves a query for one row.
func (c *caller) single(set, kind string, r row) sandbox.Response {
	query, err := dialect.Parse(c.call.Request.URL.Query())
	if err != nil {
		return queryError(kind, err).response()
	}
	value, err := selectColumns(query, r, kind)
	if err != nil {
		return queryError(kind, err).response()
	}
	value["@odata.context"] = c.context(set, "/$entity")
	return jsonResponse(http.StatusOK, value)
}

// queryError is the error for an invalid option of a query.
func queryError(kind string, err error) *apiError {
	if _, ok := errors.AsType[odata.OptionError](err); ok {
		return newAPIError(http.StatusBadRequest, "0x80060888", "%s", err)
	}
	return newAPIError(http.StatusBadRequest, "0x80060888", "%s on type 'Microsoft.Dynamics.CRM.%s'.", err, kind)
}

// selectColumns returns the selected columns of a row; all of them if none is selected. The key is always included.
func selectColumns(query odata.Query, r row, kind string) (row, error) {
	selected, err := odata.Selected(query, r)
	if err != nil {
		return nil, err
	}
	for _, key := range []string{kind + "id", "activityid"} {
		if value, ok := r[key]; ok {
			selected[key] = value
		}
	}
	selected["@odata.etag"] = `W/"1000"`
	return selected, nil
}

// context returns the address of the metadata of a response, with the selected columns.
func (c *caller) context(set, suffix string) string {
	if selected := c.call.Request.URL.Query().Get("$select"); selected != "" {
		set += "(" + strings.TrimSpace(selected) + ")"
	}
	return c.server.URL() + webAPI + "$metadata#" + set + suffix
}
