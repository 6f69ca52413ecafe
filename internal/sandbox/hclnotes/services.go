package hclnotes

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// service is a call of Domino Access Services: of the server below /api, of a database below /<database>/api.
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
		return refuse(http.StatusNotFound, "")
	case !slices.Contains(s.state.setup.Services, title):
		return refuse(http.StatusForbidden, "") // before anybody is asked who calls
	case r.database == "" && name == "calendar" && rest == "":
		return s.calendars(r)
	case r.database == "":
		return refuse(http.StatusBadRequest, "URI path must include a database.")
	}
	return s.mailFile(r, name+"/"+rest)
}

// services lists the services: GET /api. Nobody has to sign in for it.
func (s *Server) services() sandbox.Response {
	list := []map[string]any{{"name": "Core", "enabled": true, "version": "9.0.1", "href": "/api/core"}}
	for _, name := range []string{"Calendar", "Data", "Freebusy", "Mail"} {
		list = append(list, map[string]any{
			"name": name, "enabled": slices.Contains(s.state.setup.Services, name), "version": "9.0.1",
			"href": "/api/" + strings.ToLower(name),
		})
	}
	return jsonResponse(http.StatusOK, map[string]any{"services": list})
}

// calendars tells whose calendar the caller's is, or that of a name: GET /api/calendar.
func (s *Server) calendars(r *request) sandbox.Response {
	if r.person == nil {
		return s.noAccess(r)
	}
	owner, named := r.person, r.has("owner") && r.query["owner"] != ""
	if named {
		owner = s.beginning(r.query["owner"])
	}
	switch {
	case owner == nil:
		return refuse(http.StatusBadRequest, "Name not found.")
	case owner.MailFile == "":
		return refuse(http.StatusInternalServerError, "Cannot build service resource address.")
	}
	base := owner.address()
	if s.state.setup.AbsoluteURLs {
		host := r.Request.Host
		if owner.Elsewhere {
			host = "mail2.example.com"
		}
		base = "http://" + host + base
	}
	return jsonResponse(http.StatusOK, map[string]any{"calendars": []any{map[string]any{
		"owner": map[string]any{
			"displayName": owner.common(), "distinguishedName": owner.Name, "homeServer": owner.MailServer, "email": owner.Email,
		},
		"links": []any{
			map[string]string{"rel": "events", "href": base + "/api/calendar/events"},
			map[string]string{"rel": "invitations", "href": base + "/api/calendar/invitations"},
		},
	}}})
}

// address is the path of the mail file's address.
func (p Person) address() string { return (&url.URL{Path: "/" + p.MailFile}).EscapedPath() }

// beginning finds the first person with a name that begins so: the services look names up with partial matches.
func (s *Server) beginning(name string) *Person {
	if exact := s.named(name); exact != nil {
		return exact
	}
	return s.find(func(p Person) bool {
		return slices.ContainsFunc(p.keys(), func(key string) bool {
			return strings.HasPrefix(strings.ToLower(key), strings.ToLower(name))
		})
	})
}

// mailFile is a call of a service about a mail file.
func (s *Server) mailFile(r *request, call string) sandbox.Response {
	owner := s.owner(r.database)
	if owner == nil {
		return notFound()
	}
	if r.person == nil || !s.reads(r.person, owner) {
		return s.noAccess(r)
	}
	switch call {
	case "calendar/events":
		return s.events(r, owner)
	case "mail/inbox":
		return jsonResponse(http.StatusOK, []any{map[string]any{
			"href": owner.address() + "/api/mail/messages/" + owner.ID, "subject": "Welcome", "date": "2026-01-05T09:00:00Z",
			"from": map[string]string{"displayName": owner.common(), "email": owner.Email}, "read": true,
		}})
	case "mail/access":
		level := s.level(r.person, owner)
		return jsonResponse(http.StatusOK, map[string]any{
			"what": "mail", "read": true, "create": level >= author, "edit": level >= editor, "delete": level >= editor,
		})
	}
	return refuse(http.StatusNotFound, "")
}

// events lists the events of the next year. There are none for who has an empty calendar, and then no body at all.
func (s *Server) events(r *request, owner *Person) sandbox.Response {
	if count, err := strconv.Atoi(r.query["count"]); r.has("count") && (err != nil || count < 1 || count > 100) {
		return refuse(http.StatusBadRequest, "Invalid count parameter: "+r.query["count"]+
			".  It must be greater than 0 and less than 101.")
	}
	if owner.ShortName == "alan" {
		return sandbox.Response{Status: http.StatusOK, Header: http.Header{}}
	}
	return jsonResponse(http.StatusOK, map[string]any{"events": []any{map[string]any{
		"href": owner.address() + "/api/calendar/events/" + owner.ID, "id": owner.ID, "summary": "Planning",
		"start": map[string]any{"date": "2027-01-04", "time": "09:00:00", "utc": true},
		"end":   map[string]any{"date": "2027-01-04", "time": "10:00:00", "utc": true},
	}}})
}

// owner is the person whose mail file is at a path here.
func (s *Server) owner(database string) *Person {
	return s.find(func(p Person) bool { return !p.Elsewhere && strings.EqualFold(p.MailFile, database) })
}

// Levels of access that matter here.
var (
	reader = slices.Index(Levels(), "Reader")
	author = slices.Index(Levels(), "Author")
	editor = slices.Index(Levels(), "Editor")
)

// level is somebody's level of access to a mail file.
func (s *Server) level(who, owner *Person) int {
	if who.ID == owner.ID {
		return len(Levels()) - 1
	}
	return slices.Index(Levels(), owner.Access[who.Name])
}

func (s *Server) reads(who, owner *Person) bool { return s.level(who, owner) >= reader }
