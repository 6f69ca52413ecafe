package sapc4c

import (
	"encoding/json"
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// feed writes records as Atom, which is what SAP answers unless JSON is asked for.
func (r *request) feed(records []record) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"` +
		` xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"` +
		` xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"><title type="text">` + r.Operation + "</title>")
	for _, one := range records {
		b.WriteString(`<entry><content type="application/xml"><m:properties>`)
		for _, name := range slices.Sorted(maps.Keys(one)) {
			fmt.Fprintf(&b, "<d:%s>%s</d:%s>", name, escaped(textOf(one[name])), name)
		}
		b.WriteString("</m:properties></content></entry>")
	}
	b.WriteString("</feed>")
	return []byte(b.String())
}

func (r *request) serviceDocument() sandbox.Response {
	if r.asked.json {
		return inJSON(http.StatusOK, map[string]any{"d": map[string]any{"EntitySets": entitySets}})
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><app:service xmlns:app="http://www.w3.org/2007/app"` +
		` xmlns:atom="http://www.w3.org/2005/Atom"><app:workspace><atom:title>Default</atom:title>`)
	for _, name := range entitySets {
		fmt.Fprintf(&b, `<app:collection href="%s"><atom:title>%s</atom:title></app:collection>`, name, name)
	}
	b.WriteString("</app:workspace></app:service>")
	return data("application/atomsvc+xml", []byte(b.String()))
}

// edmx describes the service.
func (s *Server) edmx() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` +
		`<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>` +
		`<Schema Namespace="c4codata" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">`)
	for _, set := range entitySets {
		fmt.Fprintf(&b, `<EntityType Name="%s"><Key><PropertyRef Name="ObjectID"/></Key><Property Name="ObjectID" Type="Edm.String"/>`,
			strings.TrimSuffix(set, "Collection"))
		if set == "ContactCollection" {
			for _, field := range s.state.fields {
				fmt.Fprintf(&b, `<Property Name="%s" Type="Edm.String"/>`, escaped(field))
			}
		}
		b.WriteString("</EntityType>")
	}
	b.WriteString("</Schema></edmx:DataServices></edmx:Edmx>")
	return []byte(b.String())
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// data is a good answer.
func data(kind string, body []byte) sandbox.Response {
	header := http.Header{"Content-Type": {kind}, "Dataserviceversion": {"2.0"}}
	return sandbox.Response{Status: http.StatusOK, Header: header, Body: body}
}

// inJSON is an answer with a value as JSON.
func inJSON(status int, value any) sandbox.Response {
	body, err := json.Marshal(value)
	if err != nil { // only for a value that no caller has
		return sandbox.Response{Status: http.StatusInternalServerError}
	}
	answer := data("application/json", body)
	answer.Status = status
	return answer
}

// refuse is an error of the service, in the format that was asked for.
func (r *request) refuse(status int, code, text string) sandbox.Response {
	if r.asked.json {
		return inJSON(status, map[string]any{"error": map[string]any{
			"code": code, "message": map[string]string{"lang": "en", "value": text},
		}})
	}
	answer := data("application/xml", fmt.Appendf(nil, `<?xml version="1.0" encoding="utf-8"?>`+
		`<error xmlns="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"><code>%s</code>`+
		`<message xml:lang="en">%s</message></error>`, escaped(code), escaped(text)))
	answer.Status = status
	return answer
}
