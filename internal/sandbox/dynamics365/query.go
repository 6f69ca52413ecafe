package dynamics365

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// list serves a query for rows: $filter, $select, $top and $count.
func (c *caller) list(set, kind string, rows []row, columns []string) sandbox.Response {
	options, err := url.ParseQuery(c.call.Request.URL.RawQuery)
	if err != nil {
		return newAPIError(http.StatusBadRequest, "0x80060888", "The query cannot be read.").response()
	}
	has := func(column string) bool { return slices.Contains(columns, column) }
	if text := options.Get("$filter"); text != "" {
		matches, err := parseFilter(text, has)
		if err != nil {
			return newAPIError(http.StatusBadRequest, "0x80060888", "%s on type 'Microsoft.Dynamics.CRM.%s'.", err, kind).response()
		}
		rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !matches(r) })
	}
	body := row{"@odata.context": c.context(set, options.Get("$select"), "")}
	if options.Get("$count") == "true" {
		body["@odata.count"] = len(rows)
	}
	if text := options.Get("$top"); text != "" {
		top, err := strconv.Atoi(text)
		if err != nil || top < 1 {
			return newAPIError(http.StatusBadRequest, "0x80060888", "Invalid value '%s' for $top query option found.", text).response()
		}
		rows = rows[:min(top, len(rows))]
	}
	selected := make([]row, 0, len(rows))
	for _, r := range rows {
		value, apiErr := selectColumns(r, options.Get("$select"), kind, has)
		if apiErr != nil {
			return apiErr.response()
		}
		selected = append(selected, value)
	}
	body["value"] = selected
	return jsonResponse(http.StatusOK, body)
}

// single serves a query for one row.
func (c *caller) single(set, kind string, r row, columns []string) sandbox.Response {
	columnList := c.call.Request.URL.Query().Get("$select")
	value, apiErr := selectColumns(r, columnList, kind, func(column string) bool { return slices.Contains(columns, column) })
	if apiErr != nil {
		return apiErr.response()
	}
	value["@odata.context"] = c.context(set, columnList, "/$entity")
	return jsonResponse(http.StatusOK, value)
}

// selectColumns returns the selected columns of a row; all of them if none is selected. The key is always included.
func selectColumns(r row, columnList, kind string, has func(string) bool) (row, *apiError) {
	selected := row{"@odata.etag": `W/"1000"`}
	for column, value := range r {
		if columnList == "" || strings.HasSuffix(column, "id") && len(column) == len(kind)+2 || column == "activityid" {
			selected[column] = value
		}
	}
	for column := range strings.SplitSeq(columnList, ",") {
		column = strings.TrimSpace(column)
		if column == "" {
			continue
		}
		if !has(column) {
			return nil, newAPIError(http.StatusBadRequest, "0x80060888",
				"Could not find a property named '%s' on type 'Microsoft.Dynamics.CRM.%s'.", column, kind)
		}
		selected[column] = r[column]
	}
	return selected, nil
}

// context returns the address of the metadata of a response.
func (c *caller) context(set, selected, suffix string) string {
	if selected != "" {
		set += "(" + selected + ")"
	}
	return c.server.URL() + webAPI + "$metadata#" + set + suffix
}
