package tfdiag_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

func problem(name string, p api.Problem) error {
	p.Type, p.RequestID = api.ProblemTypePrefix+name, "request-1"
	return fmt.Errorf("call: %w", &p)
}

func locate(field string) (path.Path, bool) {
	switch field {
	case "name":
		return path.Root("name"), true
	case "password", "credentials.password":
		return path.Root("exchange").AtName("password_wo"), true
	}
	return path.Empty(), false
}

func TestReport(t *testing.T) {
	t.Parallel()
	nested := path.Root("exchange").AtName("password_wo")
	unreachable := &api.UnreachableError{
		Method: "GET", URL: "http://127.0.0.1:1/v1/connections", Attempts: 2, Err: &net.OpError{Op: "dial", Err: errors.New("refused")},
	}
	for name, c := range map[string]struct {
		err   error
		title string
		at    path.Path
		says  []string
	}{
		"fault": {
			err: problem(api.ProblemFault, api.Problem{
				Title: "A fault", Detail: "not shown twice",
				Fault: &api.Fault{
					Title: "Word for word", Message: "Own words.", Help: []string{"First.", "Second."}, Field: "password",
					RetryAfterSeconds: 90, Remembered: true,
				},
			}),
			title: "Word for word", at: nested,
			says: []string{
				"Could not create it. Nothing was created.", "Attribute: exchange.password_wo", "Reason: Own words.",
				"What to do next:\n1. First.\n2. Second.", "retry in 1m30s", "was not called again", "Request id: request-1",
			},
		},
		"fault with a known code": {
			err: problem(api.ProblemFault, api.Problem{
				Title: "text withheld", Fault: &api.Fault{Code: "given_credentials", Title: "text withheld", Field: "password"},
			}),
			title: "Cannot Connect to the Target System with Given Credentials", at: nested,
			says: []string{"Could not create it. Nothing was created."},
		},
		"invalid value": {
			err: problem(api.ProblemInvalid, api.Problem{
				Errors: []api.ProblemError{{Path: "credentials.password", Message: "is too long"}},
			}),
			title: tfdiag.TitleInvalid, at: nested, says: []string{"is too long"},
		},
		"invalid value without an attribute": {
			err: problem(api.ProblemInvalid, api.Problem{
				Detail: "query.cursor: is invalid.",
				Errors: []api.ProblemError{{Path: "query.cursor", Message: "is invalid"}},
			}),
			title: tfdiag.TitleInvalid, says: []string{"query.cursor: is invalid"},
		},
		"name taken": {
			err:   problem(api.ProblemNameTaken, api.Problem{ObjectID: "id-1"}),
			title: tfdiag.TitleNameTaken, at: path.Root("name"),
			says: []string{"import {", "to = riva_connection.example", `id = "id-1"`},
		},
		"another client's change": {
			err:   problem(api.ProblemRevision, api.Problem{}),
			title: tfdiag.TitleRevision, says: []string{"Plan again"},
		},
		"not allowed": {
			err:   problem(api.ProblemScope, api.Problem{Detail: "It needs write."}),
			title: tfdiag.TitleScope, says: []string{"It needs write.", "does not have the required scope"},
		},
		"not authenticated": {
			err:   problem(api.ProblemUnauthenticated, api.Problem{}),
			title: tfdiag.TitleUnauthenticated, says: []string{"RIVA_TOKEN", "RIVA_CLIENT_SECRET"},
		},
		"another problem": {
			err:   problem("something-new", api.Problem{Title: "Something New", Detail: "Details."}),
			title: "Something New", says: []string{"Details."},
		},
		"timeout": {
			err:   fmt.Errorf("call: %w", context.DeadlineExceeded),
			title: tfdiag.TitleTimeout, says: []string{"Could not create it.", "request_timeout of the provider"},
		},
		"timeout of the operation": {
			err:   fmt.Errorf("call: %w", &tfdiag.LimitError{Limit: 3 * time.Second, Setting: "create"}),
			title: tfdiag.TitleTimeout,
			says: []string{
				"Could not create it within 3s.", "Microsoft Exchange at mail.example.com:443 did not respond in time.",
				"Nothing was stored.", "The limit is create in the timeouts block.",
			},
		},
		"default timeout": {
			err:   &tfdiag.LimitError{Limit: 5 * time.Minute, Setting: "create", Default: true},
			title: tfdiag.TitleTimeout, says: []string{"within 5m0s", "the default limit", `create = "15m"`},
		},
		"invalid value that names its field": {
			err: problem(api.ProblemInvalid, api.Problem{
				Errors: []api.ProblemError{{Path: "credentials.password", Message: "password must not be empty"}},
			}),
			title: tfdiag.TitleInvalid, at: nested, says: []string{"password must not be empty", "password_wo", "password m"},
		},
		"canceled": {
			err:   fmt.Errorf("call: %w", context.Canceled),
			title: tfdiag.TitleCanceled, says: []string{"Could not create it"},
		},
		"no response": {
			err:   unreachable,
			title: tfdiag.TitleUnreachable,
			says:  []string{unreachable.Error(), "endpoint (RIVA_ENDPOINT)", "that the control plane is running", "HTTPS_PROXY"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			tfdiag.Operation{
				WaitsFor: "Microsoft Exchange at mail.example.com:443", AfterTimeout: "Nothing was stored.",
				Name: "create it", SideEffect: "Nothing was created.", Resource: "riva_connection", AttributePath: locate,
			}.Report(&diags, c.err)
			if len(diags) != 1 {
				t.Fatalf("got %d diagnostics, want 1: %v", len(diags), diags)
			}
			if diags[0].Summary() != c.title {
				t.Errorf("title %q, want %q", diags[0].Summary(), c.title)
			}
			for _, want := range c.says {
				if strings.Count(diags[0].Detail(), want) != 1 {
					t.Errorf("the text does not say %q once:\n%s", want, diags[0].Detail())
				}
			}
			at, located := diags[0].(diag.DiagnosticWithPath)
			if want := len(c.at.Steps()) > 0; located != want || want && !at.Path().Equal(c.at) {
				t.Errorf("located: %v, want %v at %s", located, want, c.at)
			}
		})
	}
}

func TestNoErrorIsNoDiagnostic(t *testing.T) {
	t.Parallel()
	var diags diag.Diagnostics
	tfdiag.Operation{Name: "nothing"}.Report(&diags, nil)
	if len(diags) != 0 {
		t.Errorf("no error gave %v", diags)
	}
}
