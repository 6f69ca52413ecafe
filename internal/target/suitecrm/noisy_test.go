package suitecrm_test

import (
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestNoticesBeforeJSONAreIgnored(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.RequireNoticesIgnored(t, server.URL(), func(address string) target.Account {
		return account(server, "url", address)
	})
}
