package sapc4c

import (
	"encoding/xml"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// feed writes records as Atom, which is SAP's default format.
func (r *request) feed(records []record) []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"` +
		` xmlns:m="http://schemas.microsoft.com/ado/2007/08/dataservices/metadata"` +
		` xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices"><title type="text">` + r.Operation + "</title>")
	for _, rec := range records {
		b.WriteString(`<entry><content type="application/xml"><m:properties>`)
		for _, name := range slices.Sorted(maps.Keys(rec)) {
			fmt.Fprintf(&b, "<d:%s>%s</d:%s>", name, escape(textOf(rec[name])), name)
		}
		b.WriteString("</m:properties></content></entry>")
	}
	b.WriteString("</feed>")
	return []byte(b.String())
}

func (r *request) serviceDocument() sandbox.Response {
	if r.json {
		return jsonResponse(http.StatusOK, map[string]any{"d": map[string]any{"EntitySets": entitySets}})
	}
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><app:service xmlns:app="http://www.w3.org/2007/app"` +
		` xmlns:atom="http://www.w3.org/2005/Atom"><app:workspace><atom:title>Default</atom:title>`)
	for _, name := range entitySets {
		fmt.Fprintf(&b, `<app:collection href="%s"><atom:title>%s</atom:title></app:collection>`, name, name)
	}
	b.WriteString("</app:workspace></app:service>")
	return dataResponse("application/atomsvc+xml", []byte(b.String()))
}

// edmx returns the metadata document of the service.
func (s *Server) edmx() []byte {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>` +
		`<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>` +
		`<Schema Namespace="c4codata" xmlns="http://schemas.microsoft.com/ado/2008/09/edm">`)
	for _, set := range entitySets {
		fmt.Fprintf(&b, `<EntityType Name="%s"><Key><PropertyRef Name="ObjectID"/></Key><Property Name="ObjectID" Type="Edm.String"/>`,
			strings.TrimSuffix(set, "Collection"))
		if set == "ContactCollection" {
			for _, field := range s.fields {
				fmt.Fprintf(&b, `<Property Name="%s" Type="Edm.String"/>`, escape(field))
			}
		}
		b.WriteString("</EntityType>")
	}
	b.WriteString("</Schema></edmx:DataServices></edmx:Edmx>")
	return []byte(b.String())
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a strings.Builder never fails
	return b.String()
}
