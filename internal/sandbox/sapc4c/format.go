package sapc4c

import (
	"encoding/xml"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// atom stands for Atom, SAP's default format: clients are expected to ask for JSON, so it contains nothing.
func atom(status int) sandbox.Response {
	response := dataResponse("application/atom+xml;type=feed",
		[]byte(`<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom"></feed>`))
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
