package oraclecrmondemand

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// service describes the query of a web service.
type service struct {
	object string // the type of the records
	input  string // the element of the request
	urn    string // namespace of request and response
	data   string // namespace of the records
}

// services are the implemented queries, by operation. The one for the current user belongs to version 1.0 of the web
// services, the others to 2.0.
var services = map[string]service{
	"CurrentUserQueryPage": {
		"CurrentUser", "CurrentUserWS_CurrentUserQueryPage", "urn:crmondemand/ws/currentuser/",
		"urn:/crmondemand/xml/currentuser",
	},
	"UserQueryPage": {"User", "UserQueryPage", "urn:crmondemand/ws/ecbs/user/", "urn:/crmondemand/xml/User/Data"},
	"ContactQueryPage": {
		"Contact", "ContactQueryPage", "urn:crmondemand/ws/ecbs/contact/", "urn:/crmondemand/xml/Contact/Data",
	},
	"ActivityQueryPage": {
		"Activity", "ActivityQueryPage", "urn:crmondemand/ws/ecbs/activity/", "urn:/crmondemand/xml/Activity/Data",
	},
}

// element is any element of a request.
type element struct {
	XMLName    xml.Name
	Attributes []xml.Attr `xml:",any,attr"`
	Children   []element  `xml:",any"`
	Text       string     `xml:",chardata"`
}

// child finds an element by its local name: clients may use any prefix.
func (e element) child(name string) (element, bool) {
	i := slices.IndexFunc(e.Children, func(c element) bool { return c.XMLName.Local == name })
	if i < 0 {
		return element{}, false
	}
	return e.Children[i], true
}

func (e element) attribute(name string) string {
	for _, a := range e.Attributes {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// service serves a query.
func (s *Server) service(r *request) sandbox.Response {
	if r.user == nil {
		return fault(http.StatusInternalServerError, sessionUnavailable,
			"Internal Error: Session is not available. Aborting.(SBL-ODU-01006)")
	}
	called, ok := services[r.Operation]
	action := strings.Trim(r.Request.Header.Get("SOAPAction"), `"`)
	if !ok || r.Request.Method != http.MethodPost || action != "document/"+called.urn+":"+r.Operation {
		return fault(http.StatusInternalServerError, "SBL-ODU-01007",
			"The HTTP request did not contain a valid SOAPAction header.(SBL-ODU-01007)")
	}
	if s.state.company.Exhausted {
		return fault(http.StatusInternalServerError, "SBL-SBL-70172", "The Web Services Operations Allotment of 1000 has been "+
			"reached or there is insufficient capacity remaining to process your request.(SBL-SBL-70172)")
	}
	var envelopeElement element
	if err := xml.Unmarshal(r.Body, &envelopeElement); err != nil {
		return malformedRequest()
	}
	body, found := envelopeElement.child("Body")
	input, ok := body.child(called.input + "_Input")
	list, hasList := input.child("ListOf" + called.object)
	template, hasOne := list.child(called.object)
	if !found || !ok || !hasList || !hasOne || input.XMLName.Space != called.urn {
		return malformedRequest()
	}
	return s.query(r, called, list, template)
}

func malformedRequest() sandbox.Response {
	return fault(http.StatusInternalServerError, "SBL-EAI-04316", "Element with XML tag is not found in the definition of EAI "+
		"Integration Component(SBL-EAI-04316)")
}

// query returns a page of the records that match the search, with the requested fields.
func (s *Server) query(r *request, called service, list, template element) sandbox.Response {
	alternatives, ok := parseSearch(template)
	if !ok {
		return fault(http.StatusInternalServerError, "SBL-DAT-00501", "Syntax error in search specification(SBL-DAT-00501)")
	}
	records, allowed := s.records(r, called.object)
	if !allowed {
		return fault(http.StatusInternalServerError, "SBL-DAT-00553", "Access denied.(SBL-DAT-00553)")
	}
	records = slices.DeleteFunc(records, func(c map[string]string) bool { return !matches(alternatives, c) })
	start, _ := strconv.Atoi(list.attribute("startrownum")) // an invalid number is 0
	size, err := strconv.Atoi(list.attribute("pagesize"))
	if err != nil {
		size = 10
	}
	page := records[min(max(start, 0), len(records)):]
	page = page[:min(max(size, 0), len(page))]
	var b strings.Builder
	fmt.Fprintf(&b, `<ns:%s_Output xmlns:ns="%s"><ListOf%s xmlns="%s" recordcount="%d" startrownum="%d" lastpage="%t">`,
		called.input, called.urn, called.object, called.data, len(page), start, start+len(page) >= len(records))
	for _, found := range page {
		fmt.Fprintf(&b, "<%s>", called.object)
		for _, field := range template.Children {
			name := field.XMLName.Local
			fmt.Fprintf(&b, "<%s>%s</%s>", name, escape(found[name]), name)
		}
		fmt.Fprintf(&b, "</%s>", called.object)
	}
	fmt.Fprintf(&b, "</ListOf%s></ns:%s_Output>", called.object, called.input)
	return envelope(http.StatusOK, b.String())
}

// records returns the records of an object, and whether the user's role allows access to them.
func (s *Server) records(r *request, object string) ([]map[string]string, bool) {
	switch object {
	case "CurrentUser":
		current := *r.user
		if current.Becomes != "" {
			current.Name = current.Becomes
		}
		return []map[string]string{current.record()}, true
	case "User":
		var all []map[string]string
		for _, user := range s.All() {
			all = append(all, user.record())
		}
		return all, r.user.Users
	case "Contact":
		return []map[string]string{
			{"Id": "AAPA-C0001", "ContactFirstName": "Charles", "ContactLastName": "Babbage"},
			{"Id": "AAPA-C0002", "ContactFirstName": "Mary", "ContactLastName": "Somerville"},
		}, r.user.Contacts
	default:
		var all []map[string]string
		if r.user.Calendar {
			all = append(all, map[string]string{
				"Id": "AAPA-A0001", "Activity": "Appointment", "Type": "Meeting", "Subject": "Analytical Engine",
			})
		}
		if r.user.Mail {
			all = append(all, map[string]string{
				"Id": "AAPA-A0002", "Activity": "Task", "Type": "Email", "Subject": "Re: Analytical Engine",
			})
		}
		return all, r.user.Calendar || r.user.Mail
	}
}

// record returns the user as a record of the services.
func (u User) record() map[string]string {
	status := "Active"
	if !u.Active {
		status = "Inactive"
	}
	return map[string]string{
		"UserId": u.ID, "Id": u.ID, "Alias": u.Alias, "UserSignInId": u.SignInID(), "EMailAddr": u.Email, "Status": status,
	}
}
