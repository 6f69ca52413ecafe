package target_test

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestDocumentedTitles(t *testing.T) {
	t.Parallel()
	for code, want := range map[target.Code]string{
		target.SystemNotAvailable: "Cannot Connect to the Target System - System Not Available",
		target.GivenCredentials:   "Cannot Connect to the Target System with Given Credentials",
	} {
		if got := code.Title(); got != want {
			t.Errorf("got %q, want %q word for word", got, want)
		}
		if got := (&target.Fault{Code: code}).Error(); got != want {
			t.Errorf("without a message: got %q", got)
		}
	}
}

func TestRetryable(t *testing.T) {
	t.Parallel()
	for _, code := range target.Codes() {
		want := code == target.SystemNotAvailable || code == target.Throttled
		if code.Retryable() != want {
			t.Errorf("%s: got %t", code, !want)
		}
	}
}

func TestCredentialsAreNotLogged(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	slog.New(slog.NewTextHandler(&b, nil)).Info("x", "credentials", target.Credentials{"password": "canary"})
	if strings.Contains(b.String(), "canary") || !strings.Contains(b.String(), "1 secrets") {
		t.Errorf("got %s", b.String())
	}
}

// A fault that has a field keeps it, and faults with other codes are unchanged.
func TestWithField(t *testing.T) {
	t.Parallel()
	rejected := &target.Fault{Code: target.GivenCredentials, Message: target.Say("%s", "Rejected.")}
	for name, test := range map[string]struct {
		err  error
		want string
	}{
		"fault":         {fmt.Errorf("sign in: %w", rejected), "password"},
		"another field": {&target.Fault{Code: target.GivenCredentials, Field: "username"}, "username"},
		"another code":  {&target.Fault{Code: target.Throttled}, ""},
		"unclear":       {&target.Fault{Code: target.GivenCredentials, Unclear: true}, ""},
		"no field":      {&target.Fault{Code: target.GivenCredentials, NoField: true}, ""},
	} {
		got, ok := target.AsFault(target.WithField(test.err, "password", target.GivenCredentials, target.Misconfigured))
		if !ok || got.Field != test.want {
			t.Errorf("%s: got %+v", name, got)
		}
	}
	if rejected.Field != "" {
		t.Error("the fault itself was changed")
	}
	if plain := errors.New("x"); !errors.Is(target.WithField(plain, "password", target.GivenCredentials), plain) {
		t.Error("an error that is not a fault was changed")
	}
	if err := target.WithField(nil, "password", target.GivenCredentials); err != nil {
		t.Errorf("got %v for nil", err)
	}
}
