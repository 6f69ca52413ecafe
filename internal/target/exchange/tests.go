package exchange

import (
	"context"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Run runs a test, acting for the user if there is one. The general test of the service account also reports the discovered
// address of EWS, and when the password expires.
func (s *session) Run(ctx context.Context, test target.Test, user string) (target.Text, error) {
	message, err := s.ews.Run(ctx, test, user)
	if err != nil {
		return target.Text{}, s.withField(err)
	}
	if test != target.General || user != "" {
		return message, nil
	}
	if s.found != "" {
		message = target.Say("%s Exchange Web Services were found at %s.", message, s.found)
	}
	if s.required == certificate {
		return message, nil
	}
	ctx, cancel := context.WithTimeout(ctx, call.OptionalCallTimeout)
	defer cancel()
	if expires := s.ews.PasswordExpires(ctx); !expires.IsZero() {
		message = target.Say("%s The password expires on %s.", message, target.Own(expires.Format(time.DateOnly)))
	}
	return message, nil
}
