package sugarcrm

import (
	_ "embed" // for the table of errors

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the error labels of the REST API and of the token endpoint.
var knownErrors = errortable.Of(errorRows)

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

// apiClassifier maps the errors of the REST API to faults. Its calls have no password: if they require one, the access token is
// not valid any more.
func apiClassifier() call.Classifier {
	ended, _ := knownErrors().Find("invalid_grant", "")
	ended.Code, ended.Text = needLogin, "valid username and password"
	return call.Classifier{Address: instanceURL, Errors: knownErrors().With(ended)}
}

// tokenClassifier maps the errors of the token endpoint. Of all its parameters, only the platform can be unknown to Sugar.
func tokenClassifier() call.Classifier {
	return call.Classifier{Address: instanceURL, Errors: knownErrors().With(errortable.Row{
		Code: "invalid_parameter", Fault: target.Misconfigured, Field: platform,
		Meaning: "Sugar does not know the platform.",
		Help:    "Admin → Configure API Platforms: add the value of platform (riva, unless you set another).",
	})}
}
