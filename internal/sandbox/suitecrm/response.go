package suitecrm

import (
	"encoding/json"
	"mime"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// apiPath is a path of the API, of SuiteCRM 7 or 8.
var apiPath = regexp.MustCompile(`^(/legacy)?/Api/(access_token|V8/.+)$`)

// operationOf is the name of the operation at a path: access_token, current-user, logout, modules or fields (of meta), or the
// name of a module whose records are read; empty if there is none.
func operationOf(path string) string {
	found := apiPath.FindStringSubmatch(path)
	if found == nil {
		return ""
	}
	segments := strings.Split(strings.TrimPrefix(found[2], "V8/"), "/")
	if (segments[0] == "meta" || segments[0] == "module") && len(segments) > 1 {
		return segments[1]
	}
	return segments[0]
}

// answer serves one call.
func (s *Server) answer(call *sandbox.Call) sandbox.Response {
	found := apiPath.FindStringSubmatch(call.Request.URL.Path)
	if len(found) == 0 || (found[1] != "") != s.state.instance.Suite8 {
		return sandbox.HTML(http.StatusNotFound, "404 Not Found",
			"<h1>Not Found</h1><p>The requested URL was not found on this server.</p>")
	}
	if f, ok := call.Fault(KindKeys); ok {
		return slimError(call.Request, f.Message)
	}
	if found[2] == "access_token" {
		return s.token(call)
	}
	user, token, err := s.signedIn(call)
	if failed := fault(call, nil); failed != nil {
		return *failed
	}
	if err != nil {
		return deny(err.Error())
	}
	return s.serve(call, user, token, strings.Split(strings.TrimPrefix(found[2], "V8/"), "/"))
}

// signedIn finds whose access token a call has.
func (s *Server) signedIn(call *sandbox.Call) (*User, *issued, error) {
	header := call.Request.Header.Get("Authorization")
	if header == "" {
		return nil, nil, errNoHeader
	}
	c, err := verify(strings.TrimSpace(strings.TrimPrefix(header, "Bearer ")), s.now())
	if err != nil {
		return nil, nil, err
	}
	token := s.state.tokens[c.ID]
	if token == nil || token.revoked {
		return nil, nil, errRevoked
	}
	user := s.state.find(func(u User) bool { return u.ID == token.userID })
	if user == nil {
		return nil, nil, errRevoked
	}
	call.SetUser(user.UserName, user.UserName)
	return user, token, nil
}

// arguments reads what a call says in its body: JSON as it is, and a form as SuiteCRM cleans it before anything else.
func arguments(call *sandbox.Call) map[string]string {
	args := raw(call)
	if isForm(call) {
		for name, value := range args {
			args[name] = clean(value)
		}
	}
	return args
}

// clean takes out of a value what could do harm on a page (include/utils.php, securexss). What people type into SuiteCRM's
// own forms goes the same way, so a password that was set there is stored cleaned.
func clean(value string) string {
	for _, pair := range [][2]string{
		{"&quot;", "&#38;"}, {`"`, "&quot;"}, {"'", "&#039;"}, {"<", "&lt;"}, {">", "&gt;"}, {"`", "&#96;"},
	} {
		value = strings.ReplaceAll(value, pair[0], pair[1])
	}
	return value
}

func isForm(call *sandbox.Call) bool {
	return strings.HasPrefix(call.Request.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// raw reads what a call says in its body as it was sent.
func raw(call *sandbox.Call) map[string]string {
	args := map[string]string{}
	if isForm(call) {
		form, err := url.ParseQuery(string(call.Body))
		if err != nil {
			return args
		}
		for name := range form {
			args[name] = form.Get(name)
		}
		return args
	}
	kind, _, err := mime.ParseMediaType(call.Request.Header.Get("Content-Type"))
	if err != nil {
		return args
	}
	if kind == "application/json" || strings.HasSuffix(kind, "+json") {
		var given map[string]any
		if json.Unmarshal(call.Body, &given) != nil {
			return args
		}
		for name, value := range given {
			args[name], _ = value.(string)
		}
	}
	return args
}

// jsonResponse is an answer with a value as JSON.
func jsonResponse(status int, kind string, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {kind}, "Access-Control-Allow-Origin": {"*"}}, value)
}

// document is an answer in the form of JSON:API.
func document(value any) sandbox.Response {
	return jsonResponse(http.StatusOK, "application/vnd.api+json", value)
}

// oauthError is an error of league/oauth2-server. The name "message" is the older one for the description.
func oauthError(status int, code, description, hint string) sandbox.Response {
	said := map[string]string{"error": code, "error_description": description, "message": description}
	if hint != "" {
		said["hint"] = hint
	}
	return jsonResponse(status, "application/json", said)
}

// unknown is what the token endpoint makes of an exception of SuiteCRM's.
func unknown(message string) sandbox.Response {
	return oauthError(http.StatusInternalServerError, "unknown_error", message, "")
}

func deny(hint string) sandbox.Response {
	return oauthError(http.StatusUnauthorized, "access_denied",
		"The resource owner or authorization server denied the request.", hint)
}

// failure is an error of the V8 API. The status is nearly always 400, whatever the matter is.
func failure(status int, detail string) sandbox.Response {
	return jsonResponse(status, "application/vnd.api+json",
		map[string]any{"errors": map[string]any{"status": status, "title": nil, "detail": detail}})
}

// slimError is what the framework below makes of an exception outside of SuiteCRM's code: a page, or JSON for who asks for it.
func slimError(r *http.Request, message string) sandbox.Response {
	if strings.Contains(r.Header.Get("Accept"), "json") {
		exception := []map[string]any{{"type": "LogicException", "code": 0, "message": message}}
		return jsonResponse(http.StatusInternalServerError, "application/json",
			map[string]any{"message": "Slim Application Error", "exception": exception})
	}
	quoted := strings.ReplaceAll(message, `"`, "&quot;")
	return sandbox.HTML(http.StatusInternalServerError, "Slim Application Error",
		"<h1>Slim Application Error</h1><div><strong>Message:</strong> "+quoted+"</div>")
}
