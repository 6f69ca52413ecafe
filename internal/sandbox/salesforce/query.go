package salesforce

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// query runs a SOQL query.
func (c *caller) query() (sandbox.Response, *apiError) {
	text := c.call.Request.URL.Query().Get("q")
	if text == "" {
		return sandbox.Response{}, newAPIError("MALFORMED_QUERY", "A query string has to be specified")
	}
	q, ok := parse(text)
	if !ok {
		return sandbox.Response{}, newAPIError("MALFORMED_QUERY", "\n"+text+"\n ^\nno viable alternative")
	}
	o, ok := c.object(q.object)
	if !ok {
		return sandbox.Response{}, queryError("INVALID_TYPE", text, q.object,
			fmt.Sprintf("sObject type '%s' is not supported.", q.object))
	}
	if unknown := q.resolveFields(o); unknown != "" {
		return sandbox.Response{}, queryError("INVALID_FIELD", text, unknown,
			fmt.Sprintf("No such column '%s' on entity '%s'.", unknown, o.name))
	}
	c.recordAccount(q)
	records := slices.DeleteFunc(c.records(o), func(r map[string]any) bool { return !q.matches(r) })
	if q.limit >= 0 {
		records = records[:min(q.limit, len(records))]
	}
	rows := []map[string]any{}
	for _, r := range records {
		row := map[string]any{"attributes": map[string]string{
			"type": o.name, "url": fmt.Sprintf("%s/sobjects/%s/%v", c.base, o.name, r["Id"]),
		}}
		for _, f := range q.fields {
			row[f] = r[f]
		}
		rows = append(rows, row)
	}
	return jsonResponse(http.StatusOK, map[string]any{"totalSize": len(records), "done": true, "records": rows}), nil
}

// queryError is an error that shows the query and the position in it, on several lines.
func queryError(code, text, at, message string) *apiError {
	column := strings.Index(text, at)
	return newAPIError(code, fmt.Sprintf("\n%s\n%*s\nERROR at Row:1:Column:%d\n%s", text, column+1, "^", column+1, message))
}

// resolveFields replaces the names of fields by their spelling in the object. It returns the first field that the
// object does not have.
func (q *selection) resolveFields(o object) (unknown string) {
	resolve := func(name *string) {
		f, ok := o.field(*name)
		if !ok && unknown == "" {
			unknown = *name
		}
		*name = f.name
	}
	for i := range q.fields {
		resolve(&q.fields[i])
	}
	for i := range q.conditions {
		resolve(&q.conditions[i].field)
	}
	return unknown
}

// recordAccount records the account whose data is read: a user who is looked up by address.
func (c *caller) recordAccount(q *selection) {
	for _, condition := range q.conditions {
		if condition.field == "Email" {
			c.call.SetUser(c.user.Username, condition.value)
		}
	}
}

// records are the records of an object in the caller's organization.
func (c *caller) records(o object) []map[string]any {
	organization := c.server.organizationOf(c.user)
	var list []map[string]any
	add := func(id string, fields map[string]any) {
		fields["Id"] = longID(id)
		for _, f := range o.fields {
			if _, ok := fields[f.name]; !ok && f.kind == "datetime" {
				fields[f.name] = c.timeAfter(-48 * time.Hour)
			}
		}
		list = append(list, fields)
	}
	owner := longID(c.user.ID)
	switch o.name {
	case "User":
		for _, u := range c.server.All() {
			if sameID(u.OrganizationID, organization.ID) {
				add(u.ID, map[string]any{
					"Username": u.Username, "Email": u.Email, "FirstName": u.FirstName, "LastName": u.LastName,
					"Name": u.Name(), "UserType": u.Type, "IsActive": u.Active,
				})
			}
		}
	case "Organization":
		add(organization.ID, map[string]any{
			"Name": organization.Name, "IsSandbox": organization.Sandbox, "InstanceName": organization.Instance,
			"OrganizationType": organization.Type,
		})
	case "UserPermissionAccess":
		add("000000000000000", map[string]any{
			"PermissionsApiEnabled": c.user.APIEnabled, "PermissionsModifyAllData": c.user.ModifyAllData,
			"PermissionsViewAllUsers": c.user.ViewAllUsers,
		})
	case "Contact":
		for i, name := range []string{"Charles Babbage", "Mary Somerville"} {
			first, last, _ := strings.Cut(name, " ")
			add(fmt.Sprintf("0035g00000Sim%02d", i+1), map[string]any{
				"FirstName": first, "LastName": last, "Name": name, "OwnerId": owner,
				"Email": strings.ToLower(first) + "@example.com", "Phone": "+44 20 7946 0000",
			})
		}
	case "Event":
		for i, subject := range []string{"Weekly review", "Customer call"} {
			start := time.Duration(i+1) * 24 * time.Hour
			add(fmt.Sprintf("00U5g00000Sim%02d", i+1), map[string]any{
				"Subject": subject, "Location": "Room 1", "OwnerId": owner,
				"StartDateTime": c.timeAfter(start), "EndDateTime": c.timeAfter(start + time.Hour),
			})
		}
	case "EmailMessage":
		add("02s5g00000Sim01", map[string]any{
			"Subject": "Welcome", "FromAddress": "mary@example.com", "ToAddress": c.user.Email,
			"MessageDate": c.timeAfter(-24 * time.Hour),
		})
	}
	return list
}

// timeAfter formats a time as Salesforce does, relative to the last change of the objects.
func (c *caller) timeAfter(after time.Duration) string {
	return c.server.state.objectsChanged.Add(after).Format(timeFormat)
}
