package hclnotes

import (
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is one call.
type request struct {
	*sandbox.Call
	// query contains the arguments of the query. Domino's commands are arguments without a value. Letter case is
	// ignored.
	query map[string]string
	// database is the path of the database, such as mail/ada.nsf; empty for calls of the server.
	database string
	// rest is the rest of the path: after the database, or the whole path for calls of the server.
	rest string

	person *Person // the signed-in person
}

// databasePath matches a path into a database.
var databasePath = regexp.MustCompile(`(?i)^/(.+?\.nsf)(?:/(.*))?$`)

func newRequest(call *sandbox.Call) *request {
	r := &request{Call: call}
	r.database, r.rest = splitPath(call.Request.URL.Path)
	r.query = arguments(call.Request.URL)
	return r
}

func splitPath(path string) (database, rest string) {
	if found := databasePath.FindStringSubmatch(path); found != nil {
		return strings.ToLower(found[1]), found[2]
	}
	return "", strings.Trim(path, "/")
}

func arguments(u *url.URL) map[string]string {
	arguments := map[string]string{}
	for name, values := range u.Query() {
		arguments[strings.ToLower(name)] = values[0]
	}
	return arguments
}

// has reports whether the query contains a command.
func (r *request) has(command string) bool {
	_, ok := r.query[command]
	return ok
}
