package call_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestTestsRun(t *testing.T) {
	t.Parallel()
	tests := call.Tests[int, string]{
		General: func(context.Context) (target.Text, error) { return target.Say("general"), nil },
		Find: func(_ context.Context, email string) (int, error) {
			if email == "gone@example.com" {
				return 0, errors.New("no such user")
			}
			return 7, nil
		},
		Found: func(_ int, email string) target.Text { return target.Say("found %s", email) },
		ActAs: func(context.Context, int) (target.Text, error) { return target.Say("act as"), nil },
		Reads: map[target.Test]string{target.Contacts: "Contact"},
		Read: func(_ context.Context, r call.Reading[int, string]) (target.Text, error) {
			if r.User != nil && *r.User != 7 {
				t.Errorf("read for %d", *r.User)
			}
			return target.Say("%s %s %s", r.Test, r.What, r.Owner("service")), nil
		},
	}
	for _, test := range []struct {
		test              target.Test
		email, want, fail string
	}{
		{test: target.General, want: "general"},
		{test: target.General, email: "a@example.com", want: "found a@example.com"},
		{test: target.General, email: "gone@example.com", fail: "no such user"},
		{test: target.Contacts, want: "contacts Contact service"},
		{test: target.Contacts, email: "a@example.com", want: "contacts Contact a@example.com"},
		{test: target.Impersonation, email: "a@example.com", want: "act as"},
		{test: target.Impersonation, fail: "does not offer"},
		{test: target.Mail, email: "a@example.com", fail: "does not offer"},
	} {
		got, err := tests.Run(t.Context(), test.test, test.email)
		if got.String() != test.want || (err == nil) != (test.fail == "") || err != nil && !strings.Contains(err.Error(), test.fail) {
			t.Errorf("%s of %q: got %q, %v", test.test, test.email, got, err)
		}
	}
	tests.ActAs = nil
	if got, err := tests.Run(t.Context(), target.Impersonation, "a@example.com"); err == nil {
		t.Errorf("got %q without impersonation", got)
	}
}
