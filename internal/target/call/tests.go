package call

import (
	"context"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Tests says how a session runs the tests of its system. U is a user of the system, and R is what a test reads, such as the
// name of an object.
type Tests[U, R any] struct {
	// General runs the general test of the service account.
	General func(ctx context.Context) (target.Text, error)
	// Find returns the one active user with an email address.
	Find func(ctx context.Context, email string) (U, error)
	// Found returns the message of the general test of a user.
	Found func(user U, email string) target.Text
	// ActAs runs the test Impersonation. It is nil if the system does not offer it.
	ActAs func(ctx context.Context, user U) (target.Text, error)
	// Reads is what each of the other tests reads.
	Reads map[target.Test]R
	// Read runs one of these tests.
	Read func(context.Context, Reading[U, R]) (target.Text, error)
}

// Reading is one test that reads something.
type Reading[U, R any] struct {
	Test target.Test
	// What is the entry of Reads.
	What R
	// User is the user under test, and Email the user's address; nil and empty for the service account.
	User  *U
	Email string
}

// Run runs a test: about the user with the email address if there is one, else for the service account.
func (t Tests[U, R]) Run(ctx context.Context, test target.Test, email string) (target.Text, error) {
	if email == "" {
		if test == target.General {
			return t.General(ctx)
		}
		return t.read(ctx, Reading[U, R]{Test: test})
	}
	user, err := t.Find(ctx, email)
	switch {
	case err != nil:
		return target.Text{}, err
	case test == target.General:
		return t.Found(user, email), nil
	case test == target.Impersonation && t.ActAs != nil:
		return t.ActAs(ctx, user)
	}
	return t.read(ctx, Reading[U, R]{Test: test, User: &user, Email: email})
}

func (t Tests[U, R]) read(ctx context.Context, r Reading[U, R]) (target.Text, error) {
	what, ok := t.Reads[r.Test]
	if !ok {
		return target.Text{}, fmt.Errorf("the system does not offer the test %q here", r.Test)
	}
	r.What = what
	return t.Read(ctx, r)
}

// Owner returns the account that a message is about: the user's address, or the service account.
func (r Reading[U, R]) Owner(serviceAccount string) string {
	if r.User == nil {
		return serviceAccount
	}
	return r.Email
}
