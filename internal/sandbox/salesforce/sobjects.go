package salesforce

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// object is a type of record.
type object struct {
	name, label, plural, prefix string
	custom                      bool
	fields                      []field
}

type field struct{ name, kind string }

// systemFields are the fields of every object.
var systemFields = []field{{"Id", "id"}, {"CreatedDate", "datetime"}, {"SystemModstamp", "datetime"}}

// standardObjects are the objects of a new organization, ordered by name.
func standardObjects() []object {
	of := func(name, plural, prefix string, fields ...field) object {
		return object{name: name, label: labelOf(name), plural: plural, prefix: prefix, fields: append(systemFields[:3:3], fields...)}
	}
	text := func(names ...string) []field {
		fields := make([]field, 0, len(names))
		for _, name := range names {
			fields = append(fields, field{name, "string"})
		}
		return fields
	}
	owner, email := field{"OwnerId", "reference"}, field{"Email", "email"}
	boolean := func(name string) field { return field{name, "boolean"} }
	return []object{
		of("Account", "Accounts", "001", append(text("Name", "Phone"), owner)...),
		of("Case", "Cases", "500", append(text("CaseNumber", "Subject"), owner)...),
		of("Contact", "Contacts", "003", append(text("FirstName", "LastName", "Name", "Phone"), email, owner)...),
		of("EmailMessage", "Email Messages", "02s",
			append(text("Subject", "FromAddress", "ToAddress"), field{"MessageDate", "datetime"})...),
		of("Event", "Events", "00U", append(text("Subject", "Location"),
			field{"StartDateTime", "datetime"}, field{"EndDateTime", "datetime"}, owner)...),
		of("Lead", "Leads", "00Q", append(text("FirstName", "LastName", "Name"), email, owner)...),
		of("Opportunity", "Opportunities", "006", append(text("Name", "StageName"), owner)...),
		of("Organization", "Organizations", "00D",
			append(text("Name", "InstanceName", "OrganizationType"), boolean("IsSandbox"))...),
		of("Task", "Tasks", "00T", append(text("Subject", "Status"), owner)...),
		of("User", "Users", "005",
			append(text("Username", "FirstName", "LastName", "Name", "UserType"), email, boolean("IsActive"))...),
		of("UserPermissionAccess", "User Permission Access", "",
			boolean("PermissionsApiEnabled"), boolean("PermissionsModifyAllData"), boolean("PermissionsViewAllUsers")),
	}
}

func customObject(name, label string) object {
	return object{name: name, label: label, plural: label + "s", prefix: "a00", custom: true,
		fields: append(systemFields[:3:3], field{"Name", "string"}, field{"OwnerId", "reference"})}
}

// labelOf returns the label of a name: its words, separated by spaces.
func labelOf(name string) string {
	var b strings.Builder
	for i, c := range name {
		if i > 0 && c >= 'A' && c <= 'Z' {
			b.WriteByte(' ')
		}
		b.WriteRune(c)
	}
	return b.String()
}

func (o object) field(name string) (field, bool) {
	for _, f := range o.fields {
		if strings.EqualFold(f.name, name) {
			return f, true
		}
	}
	return field{}, false
}

// visibleObjects are the objects that the caller has a right to.
func (c *caller) visibleObjects() []object {
	hidden := map[string]bool{"Contact": !c.user.Contacts, "Event": !c.user.Calendar, "EmailMessage": !c.user.Mail}
	var list []object
	for _, o := range c.server.state.objects {
		if !hidden[o.name] {
			list = append(list, o)
		}
	}
	return list
}

func (c *caller) object(name string) (object, bool) {
	for _, o := range c.visibleObjects() {
		if strings.EqualFold(o.name, name) {
			return o, true
		}
	}
	return object{}, false
}

// describeGlobal lists the objects. It returns 304 if nothing has changed.
func (c *caller) describeGlobal() sandbox.Response {
	if response, ok := c.notModified(); ok {
		return response
	}
	list := []map[string]any{}
	for _, o := range c.visibleObjects() {
		list = append(list, c.properties(o))
	}
	return c.withLastModified(jsonResponse(http.StatusOK, map[string]any{
		"encoding": "UTF-8", "maxBatchSize": 200, "sobjects": list,
	}))
}

// describe returns the description of one object.
func (c *caller) describe() (sandbox.Response, *apiError) {
	name, _, _ := strings.Cut(strings.TrimPrefix(c.call.Request.URL.Path, c.base+"/sobjects/"), "/")
	o, ok := c.object(name)
	if !ok {
		return sandbox.Response{}, newAPIError("NOT_FOUND", "")
	}
	if response, ok := c.notModified(); ok {
		return response, nil
	}
	described := c.properties(o)
	fields := []map[string]any{}
	for _, f := range o.fields {
		fields = append(fields, map[string]any{
			"name": f.name, "label": labelOf(f.name), "type": f.kind, "length": 255, "nillable": f.name != "Id",
			"custom": false, "filterable": true, "sortable": true, "createable": f.name != "Id", "updateable": f.name != "Id",
		})
	}
	described["fields"] = fields
	described["childRelationships"], described["recordTypeInfos"] = []any{}, []any{}
	return c.withLastModified(jsonResponse(http.StatusOK, described)), nil
}

func (c *caller) properties(o object) map[string]any {
	at := c.base + "/sobjects/" + o.name
	described := map[string]any{
		"name": o.name, "label": o.label, "labelPlural": o.plural, "keyPrefix": o.prefix, "custom": o.custom,
		"urls": map[string]string{"sobject": at, "describe": at + "/describe", "rowTemplate": at + "/{ID}"},
	}
	if o.prefix == "" {
		described["keyPrefix"] = nil
	}
	writable := o.prefix != "" && o.prefix != "00D"
	for _, property := range []string{"createable", "updateable", "deletable", "searchable", "layoutable", "triggerable"} {
		described[property] = writable
	}
	described["queryable"], described["retrieveable"] = true, true
	return described
}

// notModified returns 304 for a client whose copy is up to date.
func (c *caller) notModified() (sandbox.Response, bool) {
	since, err := http.ParseTime(c.call.Request.Header.Get("If-Modified-Since"))
	if err != nil || c.server.state.objectsChanged.After(since) {
		return sandbox.Response{}, false
	}
	return c.withLastModified(sandbox.Response{Status: http.StatusNotModified, Header: http.Header{}}), true
}

func (c *caller) withLastModified(response sandbox.Response) sandbox.Response {
	response.Header.Set("Last-Modified", c.server.state.objectsChanged.Format(http.TimeFormat))
	return response
}
