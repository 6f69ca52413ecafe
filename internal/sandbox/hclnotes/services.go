package hclnotes

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// service serves a call of Domino Access Services: of the server below /api, or of a database below /<database>/api.
func (s *Server) service(r *request) sandbox.Response {
	if !s.state.setup.AccessServices {
		return notFound()
	}
	_, path, _ := strings.Cut(strings.Trim(r.rest, "/"), "/")
	name, rest, _ := strings.Cut(path, "/")
	title := map[string]string{"calendar": "Calendar", "mail": "Mail"}[name]
	switch {
	case name == "" && r.database == "":
		return s.services()
	case title == "":
		return errorResponse(http.StatusNotFound, "")
	case !slices.Contains(s.state.setup.Services, title):
		return errorResponse(http.StatusForbidden, "") // before the caller is checked
	case r.database == "" && name == "calendar" && rest == "":
		return s.calendars(r)
	case r.database == "":
		return errorResponse(http.StatusBadRequest, "URI path must include a database.")
	}
	return s.mailFile(r, name+"/"+rest)
}

// services lists the services: GET /api. It requires no sign-in.
func (s *Server) services() sandbox.Response {
	optional := []string{"Calendar", "Data", "Freebusy", "Mail"}
	list := make([]map[string]any, 0, 1+len(optional))
	list = append(list, map[string]any{"name": "Core", "enabled": true, "version": "9.0.1", "href": "/api/core"})
	for _, name := range optional {
		list = append(list, map[string]any{
			"name": name, "enabled": slices.Contains(s.state.setup.Services, name), "version": "9.0.1",
			"href": "/api/" + strings.ToLower(name),
		})
	}
	return jsonResponse(http.StatusOK, map[string]any{"services": list})
}

// calendars returns the calendar of the caller, or that of a name: GET /api/calendar.
func (s *Server) calendars(r *request) sandbox.Response {
	if r.person == nil {
		return s.noAccess(r)
	}
	owner, named := r.person, r.has("owner") && r.query["owner"] != ""
	if named {
		owner = s.findByPrefix(r.query["owner"])
	}
	switch {
	case owner == nil:
		return errorResponse(http.StatusBadRequest, "Name not found.")
	case owner.MailFile == "":
		return errorResponse(http.StatusInternalServerError, "Cannot build service resource address.")
	}
	base := owner.mailFilePath()
	if s.state.setup.AbsoluteURLs {
		host := r.Request.Host
		if owner.Elsewhere {
			host = "mail2.example.com"
		}
		base = "http://" + host + base
	}
	return jsonResponse(http.StatusOK, map[string]any{"calendars": []any{map[string]any{
		"owner": map[string]any{
			"displayName": owner.commonName(), "distinguishedName": owner.Name, "homeServer": owner.MailServer, "email": owner.Email,
		},
		"links": []any{
			map[string]string{"rel": "events", "href": base + "/api/calendar/events"},
			map[string]string{"rel": "invitations", "href": base + "/api/calendar/invitations"},
		},
	}}})
}

// mailFilePath returns the path of the mail file in an address.
func (p Person) mailFilePath() string { return (&url.URL{Path: "/" + p.MailFile}).EscapedPath() }

// findByPrefix finds the first person with a name that begins with a text: the services find names by partial matches.
func (s *Server) findByPrefix(name string) *Person {
	if exact := s.findByName(name); exact != nil {
		return exact
	}
	return s.FindFunc(func(p Person) bool {
		return slices.ContainsFunc(p.names(), func(key string) bool {
			return strings.HasPrefix(strings.ToLower(key), strings.ToLower(name))
		})
	})
}

// mailFile serves a call of a service for a mail file.
func (s *Server) mailFile(r *request, call string) sandbox.Response {
	owner := s.ownerOf(r.database)
	if owner == nil {
		return notFound()
	}
	if r.person == nil || !s.mayRead(r.person, owner) {
		return s.noAccess(r)
	}
	switch call {
	case "calendar/events":
		return s.events(r, owner)
	case "mail/inbox":
		return jsonResponse(http.StatusOK, []any{map[string]any{
			"href": owner.mailFilePath() + "/api/mail/messages/" + owner.ID, "subject": "Welcome", "date": "2026-01-05T09:00:00Z",
			"from": map[string]string{"displayName": owner.commonName(), "email": owner.Email}, "read": true,
		}})
	case "mail/access":
		level := s.level(r.person, owner)
		return jsonResponse(http.StatusOK, map[string]any{
			"what": "mail", "read": true, "create": level >= author, "edit": level >= editor, "delete": level >= editor,
		})
	}
	return errorResponse(http.StatusNotFound, "")
}

// events lists the events of the next year. For an empty calendar, the response has no body.
func (s *Server) events(r *request, owner *Person) sandbox.Response {
	if count, err := strconv.Atoi(r.query["count"]); r.has("count") && (err != nil || count < 1 || count > 100) {
		return errorResponse(http.StatusBadRequest, "Invalid count parameter: "+r.query["count"]+
			".  It must be greater than 0 and less than 101.")
	}
	if owner.ShortName == "alan" {
		return sandbox.Response{Status: http.StatusOK, Header: http.Header{}}
	}
	return jsonResponse(http.StatusOK, map[string]any{"events": []any{map[string]any{
		"href": owner.mailFilePath() + "/api/calendar/events/" + owner.ID, "id": owner.ID, "summary": "Planning",
		"start": map[string]any{"date": "2027-01-04", "time": "09:00:00", "utc": true},
		"end":   map[string]any{"date": "2027-01-04", "time": "10:00:00", "utc": true},
	}}})
}

// ownerOf returns the person whose mail file is at a path of this server.
func (s *Server) ownerOf(database string) *Person {
	return s.FindFunc(func(p Person) bool { return !p.Elsewhere && strings.EqualFold(p.MailFile, database) })
}

// The levels of access that are used here.
var (
	reader = slices.Index(Levels(), "Reader")
	author = slices.Index(Levels(), "Author")
	editor = slices.Index(Levels(), "Editor")
)

// level returns a person's level of access to a mail file.
func (s *Server) level(person, owner *Person) int {
	if person.ID == owner.ID {
		return len(Levels()) - 1
	}
	return slices.Index(Levels(), owner.Access[person.Name])
}

func (s *Server) mayRead(person, owner *Person) bool { return s.level(person, owner) >= reader }
