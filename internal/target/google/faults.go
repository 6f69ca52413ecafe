package google

import (
	_ "embed" // for the table of errors
	"errors"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
)

//go:embed errors.tsv
var errorRows string

// knownErrors are the errors of the token endpoint and of the APIs. Their codes differ.
var knownErrors = errortable.Of(errorRows)

// tokenClassifier maps the errors of the token endpoint to faults.
func tokenClassifier(grant string) call.Classifier {
	return call.Classifier{Address: tokenURL, Errors: errorsOf(grant)}
}

// apiClassifier maps the errors of the APIs to faults.
func apiClassifier(grant string) call.Classifier {
	return call.Classifier{Address: apiURL, Errors: errorsOf(grant)}
}

// errorsOf returns the known errors with the fields of a grant: a service account has its client, its project and its secrets in
// one file.
func errorsOf(grant string) errortable.Table {
	if grant != delegation {
		return knownErrors().Rename(map[string]string{serviceAccountKey: refreshToken})
	}
	return knownErrors().Rename(map[string]string{
		clientID: serviceAccountKey, clientSecret: serviceAccountKey, refreshToken: serviceAccountKey,
	})
}

// codeOf returns the code that a fault was made from; empty if Google returned none.
func codeOf(fault *target.Fault) string {
	systemErr, ok := errors.AsType[*call.SystemError](fault)
	if !ok {
		return ""
	}
	return systemErr.Code
}

// asUserFault makes a fault about one user of a rejected sign-in as that user, so it does not count as a rejection of the
// connection's credentials: Google has just accepted the same key for the lookup of the user in the directory.
func asUserFault(user string, err error) error {
	fault, ok := target.AsFault(err)
	if !ok {
		return err
	}
	code := target.InsufficientPermission
	if fault.Field == adminEmail { // the error is about the account, not about the token
		code = target.UserNotFound
	}
	return &target.Fault{
		Code: code, Cause: err,
		Message: target.Say("Google accepts the credentials, but not to act as %s: %s", user, fault.Message),
	}
}

// withHint sets the field to correct, and adds what Google does not report: which scope is missing, and where to grant it.
func (s *session) withHint(err error, who actor) error {
	fault, ok := target.AsFault(err)
	if !ok {
		return err
	}
	explained := *fault
	code, delegated := codeOf(fault), s.Grant.Name == delegation
	switch {
	case slices.Contains([]string{"unauthorized_client", "access_denied"}, code) && delegated:
		explained.Message = target.Say("%s The client ID %s needs the scope %s, delegated in the domain of %s.",
			fault.Message, s.key.numericID(), target.Own(who.scope), who.user)
	case slices.Contains([]string{"insufficientPermissions", "ACCESS_TOKEN_SCOPE_INSUFFICIENT"}, code):
		explained.Message = target.Say("%s The access token lacks the scope %s.", fault.Message, target.Own(who.scope))
	}
	// An unclear refusal accuses no secret, except where the code is about the grant.
	rejected := fault.Field == "" && fault.Code == target.GivenCredentials && (fault.Certain || code == "invalid_grant")
	isAdmin := strings.EqualFold(who.user, s.Account.Setting(adminEmail))
	switch {
	case isAdmin && fault.Code == target.UserNotFound:
		explained.Field = adminEmail
	case !isAdmin && fault.Field == adminEmail: // it is about the other user
		explained.Field, explained.NoField = "", true
	case rejected && delegated:
		explained.Field = serviceAccountKey
	case rejected:
		explained.Field = refreshToken
	}
	return &explained
}

// isTokenError reports whether a code is one of the token endpoint: OAuth writes them in lower case, with underscores.
func isTokenError(code string) bool {
	return strings.Contains(code, "_") && code == strings.ToLower(code)
}
