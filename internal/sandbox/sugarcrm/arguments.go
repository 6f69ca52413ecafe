package sugarcrm

import (
	"encoding/json"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is a call of the REST API.
type request struct {
	*sandbox.Call
	args map[string]any
	path []string // the segments after the version

	session *session
	user    *User
}

// arguments reads the body of a call, a form or JSON.
func (r *request) arguments() *sandbox.Response {
	r.args = map[string]any{}
	if strings.HasPrefix(r.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded") {
		form, err := url.ParseQuery(string(r.Body))
		if err != nil {
			return new(errorResponse("invalid_parameter", ""))
		}
		for name := range form {
			r.args[name] = form.Get(name)
		}
		return nil
	}
	if len(r.Body) > 0 && json.Unmarshal(r.Body, &r.args) != nil {
		return new(errorResponse("invalid_parameter", ""))
	}
	return nil
}

// arg returns a text argument; empty without such an argument.
func (r *request) arg(name string) string {
	text, _ := r.args[name].(string)
	return text
}
