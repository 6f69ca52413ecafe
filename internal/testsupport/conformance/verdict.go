package conformance

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Verdict is what a fault must say about an error of a system.
type Verdict struct {
	Fault   target.Code
	Field   string
	Certain bool
	// Help is the beginning of the first help step; empty for any.
	Help string
	// Message is a part of the message.
	Message string
}

// Verify verifies a fault.
func (want Verdict) Verify(t *testing.T, got *target.Fault) {
	t.Helper()
	if got.Code != want.Fault || got.Field != want.Field || got.Certain != want.Certain {
		t.Errorf("got %s at %q, certain: %t; want %s at %q, certain: %t",
			got.Code, got.Field, got.Certain, want.Fault, want.Field, want.Certain)
	}
	if len(got.Help) == 0 || !strings.HasPrefix(got.Help[0], want.Help) {
		t.Errorf("got the help %q, want %q first", got.Help, want.Help)
	}
	if !got.Message.Contains(want.Message) {
		t.Errorf("got the message %q, want %q", got.Message, want.Message)
	}
}
