package hclnotes_test

import (
	"net/http"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

// A known text of Domino Access Services has its own first help step; the status decides about other errors.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	const ada, person = "ada@example.com", "Domino Directory → People → the Person document"
	for name, test := range map[string]struct {
		user  string
		fault sandboxcore.Fault
		want  conformance.Verdict
	}{
		"name of the connection": {"", sandbox.ServiceError(http.StatusInternalServerError, "Name not found.").ForOperation("calendar"),
			conformance.Verdict{Fault: target.Misconfigured, Field: "username", Help: person}},
		"name of a user": {ada, sandbox.ServiceError(http.StatusBadRequest, "Name not found.").ForOperation("owner"),
			conformance.Verdict{Fault: target.UserNotFound, Help: person}},
		"mail server of a user": {ada, sandbox.ServiceError(http.StatusInternalServerError, "Server not found.").ForOperation("owner"),
			conformance.Verdict{Fault: target.UserNotFound, Help: person + ": correct the mail server", Message: "has no mail file"}},
		"database that is closed": {"", sandbox.ServiceError(http.StatusForbidden,
			"The Domino data service is not enabled for this database.").ForOperation("calendar"),
			conformance.Verdict{Fault: target.Misconfigured, Help: "Database properties → Design"}},
		"new text": {"", sandbox.ServiceError(http.StatusInternalServerError, "Something new.").ForOperation("calendar"),
			conformance.Verdict{Fault: target.SystemNotAvailable, Field: "url", Message: "Something new. (500)"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := start(t, sandbox.Options{})
			conformance.FailUntilCleared(t, server, test.fault)
			test.want.Verify(t, conformance.RequireFault(t, account(server), target.General, test.user))
		})
	}
}
