package sapc4c_test

import (
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
)

func TestFaults(t *testing.T) {
	t.Parallel()
	b := start(t, sapc4c.Options{})
	for name, tc := range map[string]struct {
		fault  sandbox.Fault
		status int
		text   string
		wait   string
	}{
		"error":         {sapc4c.ODataError(400, "SY/530").WithMessage("A short dump"), 400, "A short dump", ""},
		"throttled":     {sapc4c.Throttled(1500 * time.Millisecond), 429, "Too many requests", "2"},
		"busy":          {sapc4c.Busy(time.Minute), 503, "Too many requests", "60"},
		"token":         {sapc4c.CSRF(), 403, "CSRF", ""},
		"deep":          {sapc4c.Deep(), 200, "[[[[", ""},
		"echo":          {sapc4c.Echo(), 500, b.Service().Password, ""},
		"other account": {sapc4c.CSRF().ForAccount("ADA"), 200, "EntitySets", ""},
	} {
		b.Clear()
		if err := b.Fail(tc.fault, 1); err != nil {
			t.Fatal(err)
		}
		got := b.get("?$format=json")
		if got.Status != tc.status || !strings.Contains(got.Body, tc.text) || got.Header.Get("Retry-After") != tc.wait {
			t.Errorf("%s: %d %v %.200s", name, got.Status, got.Header, got.Body)
		}
	}
	for _, wrong := range []sandbox.Fault{
		{Kind: "no_such_kind"}, {Kind: sapc4c.KindODataError, Status: 200}, {Kind: sandbox.KindThrottled, Status: 200},
	} {
		if err := b.Fail(wrong, 1); err == nil {
			t.Errorf("%+v was accepted", wrong)
		}
	}
}
