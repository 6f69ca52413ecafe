package sugarcrm

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// needLogin is the label for every reason why Sugar requires a sign-in; at the token endpoint, the text has the reason.
const needLogin = "need_login"

// parseError finds the system error of a response: a label, and a text in the instance's language.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	var body struct {
		Label   string `json:"error"`
		Message string `json:"error_message"`
	}
	if err := call.DecodeError(r.Body, &body); err == nil && body.Label != "" {
		return &call.SystemError{Code: body.Label, Message: body.Message}
	}
	return nil
}

// apiClassifier maps the REST API's error labels to faults (SugarApiException.php, and the Developer Guide's page on errors).
func apiClassifier() call.Classifier {
	return call.Classifier{
		Address: instanceURL,
		Codes: map[string]target.Code{
			needLogin:            target.GivenCredentials,
			"invalid_grant":      target.GivenCredentials,
			"not_authorized":     target.InsufficientPermission,
			"client_not_allowed": target.InsufficientPermission,
			"maintenance":        target.SystemNotAvailable,
			"admin_only":         target.SystemNotAvailable, // the license has expired, or there are more users than it allows
			"fatal_error":        target.SystemNotAvailable,
			"unknown_error":      target.SystemNotAvailable,
			"no_method":          target.Misconfigured,
			"not_found":          target.Misconfigured,
			"incorrect_version":  target.Misconfigured, // with the status of a redirect, but without a location
			"client_outdated":    target.Misconfigured,
			"missing_parameter":  target.Misconfigured,
			"invalid_parameter":  target.Misconfigured,
		},
	}
}

// tokenClassifier maps the errors of the token endpoint. Some come from the OAuth library, with the status 400.
func tokenClassifier() call.Classifier {
	known := apiClassifier()
	known.Codes["unsupported_grant_type"] = target.Misconfigured
	known.Codes["invalid_client"] = target.Misconfigured
	login := func(text string, fault target.Code) call.ErrorPattern {
		return call.ErrorPattern{Code: needLogin, Contains: text, Fault: fault}
	}
	known.Patterns = []call.ErrorPattern{
		login("maintenance", target.SystemNotAvailable),
		login("license", target.SystemNotAvailable), // only administrators may sign in until it is renewed
		login("valid username and password", target.GivenCredentials),
		login("too many failed login attempts", target.GivenCredentials),
		{Code: needLogin, Fault: target.GivenCredentials, Uncertain: true}, // a text that is not known, or in another language
		// Of all parameters, only the platform can be unknown to Sugar.
		{Code: "invalid_parameter", Fault: target.Misconfigured, Field: platform},
	}
	return known
}
