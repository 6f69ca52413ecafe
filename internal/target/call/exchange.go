package call

import (
	"context"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// helpStartAgain is the help step about a code that the system did not exchange.
const helpStartAgain = "Start the sign-in again: the code of a sign-in is valid once, and for a few minutes only."

// Exchange exchanges the code that a system issued for a person, see [target.CodeGrant]. The account has the credentials that are
// used with the sign-in of a person, without the secret that it fills. The error is a *[target.Fault] as with [SignIn]. If scopes
// were withheld, or the system issued no secret, there is a fault as well.
func Exchange(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
	if a.Tokens == nil {
		a.Tokens = new(target.Tokens)
	}
	a.Tokens.Mask(c.Code)
	a.Tokens.Mask(c.Verifier)
	s := &SignedIn{account: a}
	issued, err := exchange(ctx, a, c)
	if err != nil {
		return target.Issued{}, s.toFault(ctx, withoutCode(a.System, err))
	}
	a.Tokens.Mask(issued.Secret)
	scrubber := s.scrubber()
	for _, scopes := range [][]string{issued.Granted, issued.Withheld} {
		for i := range scopes {
			scopes[i] = scrubber.Scrub(scopes[i])
		}
	}
	switch {
	case len(issued.Withheld) > 0:
		return issued, s.completeFault(&target.Fault{
			Code: target.InsufficientPermission, NoField: true,
			Message: target.Say("These scopes were not granted: %s.", strings.Join(issued.Withheld, ", ")),
			Hint:    "Start the sign-in again, and allow everything that the app asks for: leave every box checked.",
		})
	case issued.Secret == "":
		return issued, s.completeFault(&target.Fault{
			Code: target.Misconfigured, NoField: true,
			Message: target.Say("The response to the sign-in has no usable %s.", target.Own(a.System.Authorize.Secret)),
			Hint:    "Allow the app to work while the user is not signed in (offline access).",
		})
	}
	return issued, nil
}

func exchange(ctx context.Context, a target.Account, c target.AuthorizationCode) (target.Issued, error) {
	if err := a.System.Expired(a.Credentials, time.Now()); err != nil {
		return target.Issued{}, err
	}
	a.Credentials = a.System.WithPerson(a.Credentials)
	return a.System.Authorize.Exchange(ctx, a, c)
}

// withoutCode completes a refusal of the code. Systems return the same error for it as for the secret that the sign-in fills,
// which does not exist yet.
func withoutCode(s *target.System, err error) error {
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.GivenCredentials || fault.Field != "" && fault.Field != s.Authorize.Secret {
		return err
	}
	refused := *fault
	refused.Field, refused.NoField, refused.Certain, refused.Unclear = "", true, false, false
	refused.Hint, refused.Help = "", []string{helpStartAgain}
	return &refused
}

// Refuse completes the fault of an error that a system sent with the browser. It is safe to show afterwards.
func Refuse(a target.Account, code, description string) target.Refusal {
	if a.Tokens == nil {
		a.Tokens = new(target.Tokens)
	}
	s := &SignedIn{account: a}
	refusal := a.System.Authorize.Refused(a, code, description)
	refusal.Fault = s.completeFault(refusal.Fault)
	return refusal
}
