package suitecrm

import (
	_ "embed" // for the table of errors
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the errors of the OAuth 2.0 server, whose codes are known, and of the V8 API, which has only texts.
var knownErrors = errortable.Of(errorRows)

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

// keyErrorPattern matches the errors of SuiteCRM, on a page or as plain text, if it cannot use its keys for tokens.
var keyErrorPattern = regexp.MustCompile(`(?:Key path|Key file|Unable to read key from file|Invalid key supplied)[^<\n\\]{0,300}`)

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

// classifier maps the errors of the OAuth 2.0 server and of the V8 API to faults.
func classifier() call.Classifier {
	return call.Classifier{Address: instanceURL, Errors: knownErrors()}
}
