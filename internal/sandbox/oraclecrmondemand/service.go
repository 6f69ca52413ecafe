package oraclecrmondemand

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// service is a web service's query.
type service struct {
	object string // of whose records it is
	input  string // the element of the request
	urn    string // namespace of request and answer
	data   string // namespace of the records
}

// services are the queries there are, by operation. That of the current user is of the version 1.0 of web services, the
// others are of 2.0.
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

// child finds an element by its local name, as a client is free in its prefixes.
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

// service answers a query.
func (s *Server) service(r *request) sandbox.Response {
	if r.user == nil {
		return fault(http.StatusInternalServerError, lostSession,
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
	var asked element
	if err := xml.Unmarshal(r.Body, &asked); err != nil {
		return malformed()
	}
	body, found := asked.child("Body")
	input, ok := body.child(called.input + "_Input")
	list, hasList := input.child("ListOf" + called.object)
	one, hasOne := list.child(called.object)
	if !found || !ok || !hasList || !hasOne || input.XMLName.Space != called.urn {
		return malformed()
	}
	return s.query(r, called, list, one)
}

func malformed() sandbox.Response {
	return fault(http.StatusInternalServerError, "SBL-EAI-04316", "Element with XML tag is not found in the definition of EAI "+
		"Integration Component(SBL-EAI-04316)")
}

// query answers with a page of the records that the search lets through, with the fields that were asked for.
func (s *Server) query(r *request, called service, list, one element) sandbox.Response {
	alternatives, ok := searched(one)
	if !ok {
		return fault(http.StatusInternalServerError, "SBL-DAT-00501", "Syntax error in search specification(SBL-DAT-00501)")
	}
	records, allowed := s.records(r, called.object)
	if !allowed {
		return fault(http.StatusInternalServerError, "SBL-DAT-00553", "Access denied.(SBL-DAT-00553)")
	}
	records = slices.DeleteFunc(records, func(c map[string]string) bool { return !fits(alternatives, c) })
	start, _ := strconv.Atoi(list.attribute("startrownum")) // no number is the first row
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
		for _, field := range one.Children {
			name := field.XMLName.Local
			fmt.Fprintf(&b, "<%s>%s</%s>", name, escaped(found[name]), name)
		}
		fmt.Fprintf(&b, "</%s>", called.object)
	}
	fmt.Fprintf(&b, "</ListOf%s></ns:%s_Output>", called.object, called.input)
	return envelope(http.StatusOK, b.String())
}

// records are those of an object, and whether the user's role gives access to them.
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
		for _, user := range s.state.users {
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

// record is a user as the services tell of them.
func (u User) record() map[string]string {
	status := "Active"
	if !u.Active {
		status = "Inactive"
	}
	return map[string]string{
		"UserId": u.ID, "Id": u.ID, "Alias": u.Alias, "UserSignInId": u.SignInID(), "EMailAddr": u.Email, "Status": status,
	}
}

// condition is "[Field] = 'value'" of a search specification, and the word that follows it.
var condition = regexp.MustCompile(`^\s*\[(\w+)\]\s*=\s*'((?:[^']|'')*)'\s*(OR|AND|$)\s*`)

// searched reads the search specification of a query: alternatives, of which all conditions have to be met.
func searched(one element) ([]map[string]string, bool) {
	spec := one.attribute("searchspec")
	if spec == "" {
		return []map[string]string{{}}, true
	}
	all := map[string]string{}
	var alternatives []map[string]string
	for {
		found := condition.FindStringSubmatch(spec)
		if found == nil {
			return nil, false
		}
		all[found[1]] = strings.ReplaceAll(found[2], "''", "'")
		spec = spec[len(found[0]):]
		if found[3] != "AND" {
			alternatives = append(alternatives, all)
			all = map[string]string{}
		}
		if found[3] == "" {
			return alternatives, spec == ""
		}
	}
}

func fits(alternatives []map[string]string, record map[string]string) bool {
	return slices.ContainsFunc(alternatives, func(all map[string]string) bool {
		for field, value := range all {
			if record[field] != value {
				return false
			}
		}
		return true
	})
}

func escaped(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}
