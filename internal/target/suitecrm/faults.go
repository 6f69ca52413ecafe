package suitecrm

import (
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// errorBody is an error response, in any of the forms of SuiteCRM's parts.
type errorBody struct {
	// Of the OAuth 2.0 server; later versions return the message as error_description too.
	Code        string `json:"error"`
	Description string `json:"error_description"`
	Message     string `json:"message"`
	Hint        string `json:"hint"`
	// Of the V8 API.
	Errors struct {
		Detail string `json:"detail"`
	} `json:"errors"`
	// Of the framework, for requests that accept JSON.
	Exceptions []struct {
		Message string `json:"message"`
	} `json:"exception"`
}

// keyErrorPattern matches the errors of SuiteCRM, mostly on a page, if it has no keys to sign tokens.
var keyErrorPattern = regexp.MustCompile(`(?:Key path|Unable to read key from file|Invalid key supplied)[^<\n\\]{0,300}`)

// parseError finds the system error of a response.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	var s errorBody
	if err := call.DecodeError(r.Body, &s); err == nil {
		if systemErr := s.systemError(); systemErr != nil {
			return systemErr
		}
	}
	if found := call.FindText(keyErrorPattern, call.Start(r.Body)); r.Status >= 500 && found != "" {
		return &call.SystemError{Message: found, Markup: true}
	}
	return nil
}

func (s errorBody) systemError() *call.SystemError {
	switch {
	case s.Code != "":
		message := s.Description
		if message == "" {
			message = s.Message
		}
		return &call.SystemError{Code: s.Code, Message: withoutPassword(strings.TrimSpace(message + " " + s.Hint))}
	case s.Errors.Detail != "":
		return &call.SystemError{Message: withoutPassword(s.Errors.Detail)}
	case len(s.Exceptions) > 0 && s.Exceptions[0].Message != "":
		return &call.SystemError{Message: withoutPassword(s.Exceptions[0].Message)}
	}
	return nil
}

const rejectedPassword = "The password is invalid"

// withoutPassword removes the password from SuiteCRM's message about an invalid password (UserRepository.php). SuiteCRM has
// escaped it, in a form that the scrubber may not know.
func withoutPassword(message string) string {
	before, _, found := strings.Cut(message, rejectedPassword)
	if !found {
		return message
	}
	return before + rejectedPassword + "."
}

// classifier maps the errors of the OAuth 2.0 server (league/oauth2-server, OAuthServerException.php) and of the V8 API to
// faults. The API has no codes, and returns 400 for nearly everything; the OAuth server reports SuiteCRM's exceptions as an
// unknown error, 500. So texts decide, which are in English whatever the language of the instance.
func classifier() call.Classifier {
	pattern := func(text string, fault target.Code, field string) call.ErrorPattern {
		return call.ErrorPattern{Contains: text, Fault: fault, Field: field}
	}
	return call.Classifier{
		Address: instanceURL,
		Patterns: []call.ErrorPattern{
			pattern(strings.ToLower(rejectedPassword), target.GivenCredentials, password),
			pattern("no user found", target.GivenCredentials, username),
			pattern("oauth2clients module with id", target.Misconfigured, clientID),
			pattern("key path", target.Misconfigured, ""),
			pattern("unable to read key from file", target.Misconfigured, ""),
			pattern("invalid key supplied", target.Misconfigured, ""),
			pattern("not possible to parse your key", target.Misconfigured, ""),
			// It was sent: the web server does not forward it.
			pattern(`missing "authorization" header`, target.Misconfigured, ""),
			pattern("[accessdeniedexception]", target.InsufficientPermission, ""),
			pattern("does not have access to this module", target.InsufficientPermission, ""),
			pattern("database failure", target.SystemNotAvailable, ""),
			{Code: "invalid_client", Fault: target.GivenCredentials, Field: clientSecret},
		},
		Codes: map[string]target.Code{
			"invalid_credentials":    target.GivenCredentials,
			"invalid_grant":          target.GivenCredentials,
			"access_denied":          target.GivenCredentials,
			"invalid_request":        target.Misconfigured,
			"invalid_scope":          target.Misconfigured,
			"unsupported_grant_type": target.Misconfigured,
			"server_error":           target.SystemNotAvailable,
		},
	}
}
