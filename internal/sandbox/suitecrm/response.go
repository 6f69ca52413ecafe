package suitecrm

import (
	"net/http"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// jsonResponse returns a response with a value as JSON.
func jsonResponse(status int, kind string, value any) sandbox.Response {
	return sandbox.JSON(status, http.Header{"Content-Type": {kind}, "Access-Control-Allow-Origin": {"*"}}, value)
}

// document returns a response in the form of JSON:API.
func document(value any) sandbox.Response {
	return jsonResponse(http.StatusOK, "application/vnd.api+json", value)
}

// oauthError returns an error of league/oauth2-server. "message" is the older name of the description.
func oauthError(status int, code, description, hint string) sandbox.Response {
	body := map[string]string{"error": code, "error_description": description, "message": description}
	if hint != "" {
		body["hint"] = hint
	}
	return jsonResponse(status, "application/json", body)
}

// unknownError is the token endpoint's response to an exception of SuiteCRM.
func unknownError(message string) sandbox.Response {
	return oauthError(http.StatusInternalServerError, "unknown_error", message, "")
}

func accessDenied(hint string) sandbox.Response {
	return oauthError(http.StatusUnauthorized, "access_denied",
		"The resource owner or authorization server denied the request.", hint)
}

// apiError returns an error of the V8 API. Its status is nearly always 400, whatever the cause.
func apiError(status int, detail string) sandbox.Response {
	return jsonResponse(status, "application/vnd.api+json",
		map[string]any{"errors": map[string]any{"status": status, "title": nil, "detail": detail}})
}

// slimError is the response of the Slim framework to an exception outside of SuiteCRM's code: a page, or JSON if the
// client accepts it.
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
