package server

import (
	"net/http"

	"github.com/danielgtaylor/huma/v2"
)

// describeTokenEndpoint adds the token endpoint to the document. Package access serves it, beside the routes: its requests are
// forms, and its errors are those of OAuth.
func describeTokenEndpoint(document *huma.OpenAPI) {
	text := func(description string) *huma.Schema { return &huma.Schema{Type: "string", Description: description} }
	object := func(required []string, properties map[string]*huma.Schema) *huma.Schema {
		return &huma.Schema{Type: "object", Required: required, Properties: properties}
	}
	grant, kind := text(""), text("With client_assertion.")
	grant.Enum = []any{"client_credentials"}
	kind.Enum = []any{"urn:ietf:params:oauth:client-assertion-type:jwt-bearer"}
	secret, assertion := text("The secret of the client, unless the Authorization header has it (HTTP Basic)."),
		text("A token that proves who the client is: one that it signed with its key, or one of an outside issuer that it trusts.")
	secret.WriteOnly, assertion.WriteOnly = true, true
	form := object([]string{"grant_type"}, map[string]*huma.Schema{
		"grant_type":    grant,
		"client_id":     text("The id of the client, unless the Authorization header has it."),
		"client_secret": secret, "client_assertion": assertion,
		"client_assertion_type": kind,
		"scope":                 text("The wanted scopes, separated by spaces; absent for all that the client has."),
	})
	token := object([]string{"access_token", "token_type", "expires_in", "scope"}, map[string]*huma.Schema{
		"access_token": text("The bearer token."), "token_type": text("Bearer"),
		"expires_in": {Type: "integer", Description: "How long the token is valid, in seconds."},
		"scope":      text("The scopes of the token, separated by spaces."),
	})
	failure := object([]string{"error", "error_description"}, map[string]*huma.Schema{
		"error": text("The code of RFC 6749, section 5.2, or temporarily_unavailable."), "error_description": text("What is wrong."),
	})
	response := func(description string, schema *huma.Schema) *huma.Response {
		return &huma.Response{Description: description, Content: map[string]*huma.MediaType{"application/json": {Schema: schema}}}
	}
	retried := func(description string) *huma.Response {
		out := response(description, failure)
		out.Headers = map[string]*huma.Param{"Retry-After": {Schema: &huma.Schema{Type: "integer"}}}
		return out
	}
	document.AddOperation(&huma.Operation{
		OperationID: "request-token", Method: http.MethodPost, Path: "/oauth/token", Summary: "Request an access token",
		Description: "OAuth 2.0 client credentials (RFC 6749, section 4.4). Only a shared control plane has it.",
		RequestBody: &huma.RequestBody{
			Required: true, Content: map[string]*huma.MediaType{"application/x-www-form-urlencoded": {Schema: form}},
		},
		Responses: map[string]*huma.Response{
			"200": response("OK", token), "400": response("Bad Request", failure), "401": response("Unauthorized", failure),
			"429": retried("Too Many Requests"), "503": retried("Service Unavailable"),
		},
	})
}
