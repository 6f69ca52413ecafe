package entra

import (
	_ "embed"
	"regexp"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// table is Entra's errors: its numbers, and the values of "error" for responses whose number is not known here.
var table = errortable.Of(errorRows)

const (
	// prefix is the prefix of Entra's error numbers in texts.
	prefix = "AADSTS"
	// apiField represents the field with the API's address in the table.
	apiField = "url"
	// userField is the field with the user of a refresh token.
	userField = "username"
)

// classifier maps the errors of the token endpoint to faults. A field that this account does not have is not named: another
// one would be the wrong one.
func (a Application) classifier() call.Classifier {
	errs, names := table(), map[string]string{}
	rename := func(field, as string) {
		if _, known := a.Account.System.Field(as); !known {
			as = "-"
		}
		names[field] = as
	}
	rename(apiField, a.Resource)
	if a.Account.Credentials[RefreshToken] != "" {
		errs = errs.With(malformedRefreshToken)
		rename(RefreshToken, RefreshToken)
		rename(userField, userField)
	} else {
		rename(RefreshToken, "")
		rename(userField, "")
	}
	return call.Classifier{Address: AuthorityURL, Errors: errs.Rename(names)}
}

// malformedRefreshToken is the meaning of a malformed request if its only part in free form is the refresh token. Entra
// responds so to text that never was a refresh token, with the error invalid_grant.
var malformedRefreshToken = errortable.Row{
	Code: prefix + "9002313", Fault: target.GivenCredentials, Field: RefreshToken,
	Meaning: "The request is malformed: the refresh token is probably not one.",
	Help:    "Set the complete refresh token, without quotation marks or line breaks, or let the user sign in again for a new one.",
}

// numberPattern matches the number at the start of Entra's texts.
var numberPattern = regexp.MustCompile(`^AADSTS\d{4,9}\b`)

// tokenError is an error response of the token endpoint.
type tokenError struct {
	Error       string  `json:"error"`
	Description string  `json:"error_description"`
	Numbers     []int64 `json:"error_codes"`
}

// parseError finds the system error in a response of the token endpoint.
func parseError(r call.Response) *call.SystemError {
	var body tokenError
	if err := call.DecodeJSON(r.Body, &body); err != nil || body.Error == "" {
		return nil //nolint:nilerr // the status decides then
	}
	systemErr := &call.SystemError{Code: body.code(), Message: body.Description}
	if numbers := body.names(); len(numbers) > 0 && systemErr.Code == body.Error && !strings.Contains(body.Description, numbers[0]) {
		systemErr.Message = strings.TrimSpace(numbers[0] + ": " + body.Description) // to look up, since this version does not know it
	}
	return systemErr
}

// code returns the first known number, else the value of "error".
func (e tokenError) code() string {
	for _, name := range e.names() {
		if table().Knows(name) {
			return name
		}
	}
	return e.Error
}

// names returns the numbers of an error as Entra writes them in texts.
func (e tokenError) names() []string {
	var all []string
	for _, number := range e.Numbers {
		all = append(all, prefix+strconv.FormatInt(number, 10))
	}
	if name := numberPattern.FindString(e.Description); len(all) == 0 && name != "" {
		all = append(all, name)
	}
	return all
}
