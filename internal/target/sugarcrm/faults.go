package sugarcrm

import (
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// parseError finds what an answer that is no success says: a label, and a text in the instance's language.
func parseError(r call.Response) *call.SystemError {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	var body struct {
		Label   string `json:"error"`
		Message string `json:"error_message"`
	}
	if err := call.DecodeJSON(r.Body, &body); err == nil && body.Label != "" {
		return &call.SystemError{Code: body.Label, Message: body.Message}
	}
	return nil
}

// apiClassifier knows the labels of the REST API's errors (SugarApiException.php, and the Developer Guide's page on errors).
func apiClassifier() call.Classifier {
	return call.Classifier{
		Address: instanceURL,
		Codes: map[string]target.Code{
			"need_login":         target.GivenCredentials,
			"invalid_grant":      target.GivenCredentials,
			"not_authorized":     target.InsufficientPermission,
			"client_not_allowed": target.InsufficientPermission,
			"maintenance":        target.SystemNotAvailable,
			"admin_only":         target.SystemNotAvailable, // the license has expired, or has more users than it allows
			"fatal_error":        target.SystemNotAvailable,
			"unknown_error":      target.SystemNotAvailable,
			"no_method":          target.Misconfigured,
			"not_found":          target.Misconfigured,
			"incorrect_version":  target.Misconfigured, // with the status of a redirect that leads nowhere
			"client_outdated":    target.Misconfigured,
			"missing_parameter":  target.Misconfigured,
			"invalid_parameter":  target.Misconfigured,
		},
	}
}

// tokenClassifier knows those of the token endpoint. Some are of the OAuth library below, with the status 400.
func tokenClassifier() call.Classifier {
	known := apiClassifier()
	known.Codes["unsupported_grant_type"] = target.Misconfigured
	known.Codes["invalid_client"] = target.Misconfigured
	known.Patterns = []call.ErrorPattern{
		// Of all that is sent there, only the platform can be one that Sugar does not know.
		{Code: "invalid_parameter", Fault: target.Misconfigured, Field: platform},
	}
	return known
}
