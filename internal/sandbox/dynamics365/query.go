package dynamics365

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// list answers a query for rows: $filter, $select, $top and $count.
func (c *caller) list(set, kind string, rows []row, columns []string) sandbox.Response {
	options, err := url.ParseQuery(c.call.Request.URL.RawQuery)
	if err != nil {
		return newAPIError(http.StatusBadRequest, "0x80060888", "The query cannot be read.").answer()
	}
	has := func(column string) bool { return slices.Contains(columns, column) }
	if text := options.Get("$filter"); text != "" {
		fits, err := parseFilter(text, has)
		if err != nil {
			return newAPIError(http.StatusBadRequest, "0x80060888", "%s on type 'Microsoft.Dynamics.CRM.%s'.", err, kind).answer()
		}
		rows = slices.DeleteFunc(slices.Clone(rows), func(r row) bool { return !fits(r) })
	}
	body := row{"@odata.context": c.context(set, options.Get("$select"), "")}
	if options.Get("$count") == "true" {
		body["@odata.count"] = len(rows)
	}
	if text := options.Get("$top"); text != "" {
		top, err := strconv.Atoi(text)
		if err != nil || top < 1 {
			return newAPIError(http.StatusBadRequest, "0x80060888", "Invalid value '%s' for $top query option found.", text).answer()
		}
		rows = rows[:min(top, len(rows))]
	}
	picked := make([]row, 0, len(rows))
	for _, r := range rows {
		one, refused := pick(r, options.Get("$select"), kind, has)
		if refused != nil {
			return refused.answer()
		}
		picked = append(picked, one)
	}
	body["value"] = picked
	return jsonResponse(http.StatusOK, body)
}

// one answers a query for a single row.
func (c *caller) one(set, kind string, r row, columns []string) sandbox.Response {
	selected := c.call.Request.URL.Query().Get("$select")
	picked, refused := pick(r, selected, kind, func(column string) bool { return slices.Contains(columns, column) })
	if refused != nil {
		return refused.answer()
	}
	picked["@odata.context"] = c.context(set, selected, "/$entity")
	return jsonResponse(http.StatusOK, picked)
}

// pick takes the selected columns of a row; all of them if none is selected. The key always comes.
func pick(r row, selected, kind string, has func(string) bool) (row, *apiError) {
	picked := row{"@odata.etag": `W/"1000"`}
	for column, value := range r {
		if selected == "" || strings.HasSuffix(column, "id") && len(column) == len(kind)+2 || column == "activityid" {
			picked[column] = value
		}
	}
	for column := range strings.SplitSeq(selected, ",") {
		column = strings.TrimSpace(column)
		if column == "" {
			continue
		}
		if !has(column) {
			return nil, newAPIError(http.StatusBadRequest, "0x80060888",
				"Could not find a property named '%s' on type 'Microsoft.Dynamics.CRM.%s'.", column, kind)
		}
		picked[column] = r[column]
	}
	return picked, nil
}

// context is the address of the description of an answer.
func (c *caller) context(set, selected, suffix string) string {
	if selected != "" {
		set += "(" + selected + ")"
	}
	return c.server.URL() + webAPI + "$metadata#" + set + suffix
}
