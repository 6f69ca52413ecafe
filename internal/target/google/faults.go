package google

import (
	"errors"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Codes that decide more than the fault.
const (
	invalidGrant = "invalid_grant"
	notFound     = "notFound"
	forbidden    = "forbidden"
	accountState = "ACCOUNT_STATE_INVALID"
)

// tokenClassifier maps the errors of the token endpoint to faults ("Using OAuth 2.0 for server to server applications", JWT error
// codes, and further codes that GAM lists). Six causes share the error invalid_grant, so its description decides; an unknown
// description means rejected credentials (RFC 6749, 5.2), but is no verdict on them.
func tokenClassifier() call.Classifier {
	grant := func(text string, fault target.Code) call.ErrorPattern {
		return call.ErrorPattern{Code: invalidGrant, Contains: text, Fault: fault}
	}
	return call.Classifier{
		Address: tokenURL,
		Patterns: []call.ErrorPattern{
			grant("short-lived token", target.Misconfigured), // the clocks differ
			grant("audience check", target.Misconfigured),
			grant("invalid email or user id", target.UserNotFound),
			grant("not a valid email", target.UserNotFound),
			grant("account has been deleted", target.UserNotFound),
			{Code: "invalid_request", Contains: "invalid impersonation", Fault: target.UserNotFound},
			grant("invalid jwt signature", target.GivenCredentials),
			grant("expired or revoked", target.GivenCredentials),
			grant("account not found", target.GivenCredentials),
			{Code: invalidGrant, Fault: target.GivenCredentials, Uncertain: true},
		},
		Codes: map[string]target.Code{
			"invalid_client":          target.GivenCredentials,
			"deleted_client":          target.GivenCredentials,
			"disabled_client":         target.GivenCredentials,
			"rapt_required":           target.GivenCredentials,
			"invalid_rapt":            target.GivenCredentials,
			"unauthorized_client":     target.InsufficientPermission,
			"access_denied":           target.InsufficientPermission,
			"admin_policy_enforced":   target.InsufficientPermission,
			"org_internal":            target.InsufficientPermission,
			"invalid_scope":           target.Misconfigured,
			"internal_failure":        target.SystemNotAvailable,
			"server_error":            target.SystemNotAvailable,
			"temporarily_unavailable": target.SystemNotAvailable,
			"rate_limit_exceeded":     target.Throttled,
		},
	}
}

// apiClassifier maps the errors of the APIs to faults: the reasons of "errors" (see the package comment), those of ErrorInfo
// (google/api/error_reason.proto), and the values of "status" (google/rpc/code.proto) for errors with neither.
func apiClassifier() call.Classifier {
	return call.Classifier{
		Address: apiURL, AccessTokens: true,
		Patterns: []call.ErrorPattern{{Contains: "mail service not enabled", Fault: target.UserNotFound}},
		Codes: map[string]target.Code{
			"authError":                       target.GivenCredentials,
			"required":                        target.GivenCredentials,
			"CREDENTIALS_MISSING":             target.GivenCredentials,
			"ACCESS_TOKEN_EXPIRED":            target.GivenCredentials,
			accountState:                      target.GivenCredentials,
			"UNAUTHENTICATED":                 target.GivenCredentials,
			"insufficientPermissions":         target.InsufficientPermission,
			"ACCESS_TOKEN_SCOPE_INSUFFICIENT": target.InsufficientPermission,
			"ORG_RESTRICTION_VIOLATION":       target.InsufficientPermission,
			"SECURITY_POLICY_VIOLATED":        target.InsufficientPermission,
			forbidden:                         target.InsufficientPermission,
			"domainPolicy":                    target.InsufficientPermission,
			"domainCannotUseApis":             target.InsufficientPermission,
			"PERMISSION_DENIED":               target.InsufficientPermission,
			"accessNotConfigured":             target.Misconfigured,
			"SERVICE_DISABLED":                target.Misconfigured,
			"CONSUMER_SUSPENDED":              target.Misconfigured,
			"CONSUMER_INVALID":                target.Misconfigured,
			notFound:                          target.Misconfigured,
			"notACalendarUser":                target.UserNotFound,
			"failedPrecondition":              target.UserNotFound, // an account without a mailbox, or a group
			"rateLimitExceeded":               target.Throttled,
			"userRateLimitExceeded":           target.Throttled,
			"quotaExceeded":                   target.Throttled,
			"dailyLimitExceeded":              target.Throttled,
			"RATE_LIMIT_EXCEEDED":             target.Throttled,
			"RESOURCE_EXHAUSTED":              target.Throttled,
			"backendError":                    target.SystemNotAvailable,
			"internalError":                   target.SystemNotAvailable,
			"UNAVAILABLE":                     target.SystemNotAvailable,
			"INTERNAL":                        target.SystemNotAvailable,
		},
	}
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
	if codeOf(fault) == accountState {
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
	case fault.Code == target.UserNotFound && strings.EqualFold(who.user, s.Account.Setting(adminEmail)):
		explained.Field = adminEmail
	}
	if field := s.rejectedField(&explained, code); field != "" {
		explained.Field = field
	}
	return &explained
}

// rejectedField returns the field that a rejection is about, which depends on the grant; empty if the fault has a field.
func (s *session) rejectedField(fault *target.Fault, code string) string {
	project := slices.Contains([]string{"accessNotConfigured", "SERVICE_DISABLED", "CONSUMER_SUSPENDED", "CONSUMER_INVALID"}, code)
	tokenFault := fault.Code == target.Misconfigured && slices.Contains([]string{invalidGrant, "invalid_scope"}, code)
	switch {
	case !project && !tokenFault && fault.Code != target.GivenCredentials:
		return ""
	case s.Grant.Name == delegation:
		return serviceAccountKey
	case project, code == "deleted_client", code == "disabled_client":
		return clientID
	case code == "invalid_client" && fault.Message.Contains("not found"):
		return clientID
	case code == "invalid_client":
		return clientSecret
	}
	return refreshToken
}
