package conformance

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Stage starts a system's stand-in and makes an account that it lets in; with TLS, the account trusts the stand-in's
// authority.
type Stage[S StandIn] func(t *testing.T, tls *sandbox.TLS) (S, target.Account)

// Start is the stage for a [Subject], which knows the stand-ins of all systems alike.
func (s Stage[S]) Start(t *testing.T, tls *sandbox.TLS) (StandIn, target.Account) {
	t.Helper()
	return s(t, tls)
}

// general is a general test of the service account, with a stand-in of its own.
func (s Stage[S]) general(t *testing.T, tls *sandbox.TLS) (S, Scene) {
	t.Helper()
	standIn, account := s(t, tls)
	return standIn, Scene{
		Account: account, Test: target.General, SignIns: func() int { return standIn.SignIns().Attempts },
	}
}

// With is a general test of the service account, over TLS, after a change of the stand-in or of the scene.
func (s Stage[S]) With(change func(t *testing.T, standIn S, scene *Scene)) func(*testing.T) Scene {
	return func(t *testing.T) Scene {
		t.Helper()
		standIn, scene := s.general(t, &sandbox.TLS{})
		change(t, standIn, &scene)
		return scene
	}
}

// About is a test of a user; of the service account if the user is empty.
func (s Stage[S]) About(test target.Test, user string) func(*testing.T) Scene {
	return s.With(func(_ *testing.T, _ S, scene *Scene) { scene.Test, scene.User = test, user })
}

// Given is a general test of an account with another value of a setting or a secret.
func (s Stage[S]) Given(name, value string) func(*testing.T) Scene {
	return s.With(func(t *testing.T, _ S, scene *Scene) {
		t.Helper()
		field, known := scene.Account.System.Field(name)
		switch {
		case !known:
			t.Fatalf("the system has no field %q", name)
		case field.Secret:
			scene.Account.Credentials[name] = value
		default:
			scene.Account.Settings[name] = value
		}
	})
}
