package call_test

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Acting as many users issues more tokens than are stored for masking.
func TestTokenInUseStaysMasked(t *testing.T) {
	t.Parallel()
	a := account(func(_ context.Context, a target.Account) (target.Session, error) {
		a.Tokens.SetAccess(&oauth2.Token{AccessToken: "access-canary"})
		a.Tokens.Rotate("refresh_token", "refresh-canary")
		for i := range 100 {
			a.Tokens.Mask("token of user " + strconv.Itoa(i))
		}
		return nil, &target.Fault{Code: target.Misconfigured, Message: target.Say("%s", "access-canary and refresh-canary were sent")}
	})
	if _, _, err := call.SignIn(t.Context(), a); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("got %v", err)
	}
}

// Issued tokens are masked like the credentials.
func TestTokensAreMasked(t *testing.T) {
	t.Parallel()
	a := account(func(_ context.Context, a target.Account) (target.Session, error) {
		a.Tokens.SetAccess(&oauth2.Token{AccessToken: "access-canary"})
		a.Tokens.Rotate("refresh_token", "refresh-canary")
		a.Tokens.Mask("assertion-canary")
		return nil, &target.Fault{
			Code:    target.GivenCredentials,
			Message: target.Say("%s", "access-canary, refresh-canary, assertion-canary and canary-bird were sent"),
		}
	})
	_, _, err := call.SignIn(t.Context(), a) // an account without a token store gets one for the session
	fault, ok := target.AsFault(err)
	if !ok || fault.Message.Contains("canary") || !strings.HasSuffix(fault.Message.String(), "sent") {
		t.Errorf("got %v", err)
	}
}
