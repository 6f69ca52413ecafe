package sapc4c

import (
	"encoding/xml"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// atom writes records as Atom, SAP's default format. It is empty for errors and the service document: clients are
// expected to ask for JSON.
func atom(status int, records ...record) sandbox.Response {
	var b strings.Builder
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"` +
		` xmlns:d="http://schemas.microsoft.com/ado/2007/08/dataservices">`)
	for _, rec := range records {
		b.WriteString(`<entry><content type="application/xml">`)
		for _, name := range slices.Sorted(maps.Keys(rec)) {
			fmt.Fprintf(&b, "<d:%s>%s</d:%s>", name, escape(fmt.Sprint(rec[name])), name)
		}
		b.WriteString("</content></entry>")
	}
	response := dataResponse("application/atom+xml;type=feed", []byte(b.String()+"</feed>"))
	response.Status = status
	return response
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
