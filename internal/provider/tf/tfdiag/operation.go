// Package tfdiag converts errors of the control plane into Terraform diagnostics, once for all entities: the title, the
// attribute and the next steps. It has the titles of all diagnostics of the provider itself, also of those that a plan adds.
package tfdiag

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
)

// Operation is what failed.
type Operation struct {
	// Name completes the sentence "Could not …", such as: create the connection "Exchange".
	Name string
	// Resource is the type of the resource, such as riva_connection, for the import block in the error of a taken name.
	Resource string
	// SideEffect is a sentence on what a fault of the target system left behind, such as: Nothing was created.
	SideEffect string
	// WaitsFor is what the operation waits for, such as: Microsoft Exchange at mail.example.com:443. It can be empty.
	WaitsFor string
	// AfterTimeout is a sentence on what a timeout left behind. It can be empty.
	AfterTimeout string
	// AttributePath finds the attribute that a field of the request comes from, such as "settings.ews_url". A fault has the
	// name of the field alone. If it is nil or returns false, the diagnostic is about the whole resource.
	AttributePath func(field string) (path.Path, bool)
}

// Report adds the diagnostics of an error. Without an error it does nothing.
func (o Operation) Report(diags *diag.Diagnostics, err error) {
	if err == nil {
		return
	}
	if problem, ok := api.AsProblem(err); ok {
		o.reportProblem(diags, problem)
		return
	}
	if missing, ok := errors.AsType[*api.NoControlPlaneError](err); ok {
		diags.AddError(TitleNoControlPlane, fmt.Sprintf("Could not %s: %s.\n\nThe first create makes the control plane. "+
			"If the same apply creates something, add depends_on with that resource, so that this is read after it. Otherwise set "+
			"data_dir (RIVA_DATA_DIR) to the right directory, database_url (RIVA_DATABASE_URL) to a database, or endpoint "+
			"(RIVA_ENDPOINT) to a shared control plane.", o.Name, missing))
		return
	}
	if other, ok := errors.AsType[*api.OtherInstanceError](err); ok {
		diags.AddError(TitleOtherInstance, fmt.Sprintf("Could not %s: %s.\n\nNothing was read or changed. Set endpoint "+
			"(RIVA_ENDPOINT), database_url (RIVA_DATABASE_URL) or data_dir (RIVA_DATA_DIR) to the right control plane, or correct "+
			"instance_id (RIVA_INSTANCE_ID).", o.Name, other))
		return
	}
	if database, ok := errors.AsType[*api.DatabaseError](err); ok {
		diags.AddError(TitleDatabase, fmt.Sprintf("Could not %s: %s.\n\nThe address of the database is database_url "+
			"(RIVA_DATABASE_URL). Nothing was read or changed.", o.Name, database))
		return
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		o.reportTimeout(diags, err)
	case errors.Is(err, context.Canceled):
		diags.AddError(TitleCanceled, fmt.Sprintf("Could not %s: it was canceled.", o.Name))
	default:
		diags.AddError(TitleUnreachable, strings.TrimSpace(fmt.Sprintf("Could not %s: %s.\n\n%s", o.Name, err, networkHint(err))))
	}
}

// networkHint lists what to check after a network error. It is empty for other errors.
func networkHint(err error) string {
	if _, lost := errors.AsType[net.Error](err); !lost {
		return ""
	}
	return "The endpoint did not respond. Check that endpoint (RIVA_ENDPOINT) is the address of the control plane, that the " +
		"control plane is running, and that this machine can reach it: a firewall or a proxy (HTTPS_PROXY) may be in between."
}

func (o Operation) reportProblem(diags *diag.Diagnostics, problem *api.Problem) {
	switch strings.TrimPrefix(problem.Type, api.ProblemTypePrefix) {
	case api.ProblemFault:
		o.reportFault(diags, problem)
	case api.ProblemInvalid:
		o.reportFieldErrors(diags, problem)
	case api.ProblemNameTaken:
		o.add(diags, "name", TitleNameTaken, problem, ImportHint(o.Resource, problem.ObjectID))
	case api.ProblemRevision:
		diags.AddError(TitleRevision, o.detail(problem,
			"Nothing was changed. Plan again to see the differences, then apply that plan."))
	case api.ProblemScope:
		diags.AddError(TitleScope, o.detail(problem,
			"The configured client of the control plane does not have the required scope."))
	case api.ProblemUnauthenticated:
		diags.AddError(TitleUnauthenticated, o.detail(problem,
			"Check token (RIVA_TOKEN), or client_id and client_secret (RIVA_CLIENT_ID, RIVA_CLIENT_SECRET). For the identity of a "+
				"pipeline, compare its issuer, audience and subject with the rules of the client: an administrator sees them with "+
				"terraform-provider-riva clients list --json."))
	case api.ProblemNotFound:
		diags.AddError(TitleNotFound, o.detail(problem, ""))
	case api.ProblemConnectionInUse:
		diags.AddError(TitleConnectionInUse, o.detail(problem, ""))
	case api.ProblemCredentialsNeeded:
		diags.AddError(TitleCredentialsBound, o.detail(problem, ""))
	default:
		diags.AddError(problem.Title, o.detail(problem, ""))
	}
}

// reportFault keeps the title of the fault word for word, since users search for it.
func (o Operation) reportFault(diags *diag.Diagnostics, problem *api.Problem) {
	if problem.Fault == nil {
		diags.AddError(problem.Title, o.detail(problem, ""))
		return
	}
	o.add(diags, problem.Fault.Field, fault.Title(problem.Fault), problem, fault.Detail(problem.Fault))
}

func (o Operation) reportFieldErrors(diags *diag.Diagnostics, problem *api.Problem) {
	if len(problem.Errors) == 0 {
		diags.AddError(TitleInvalid, o.detail(problem, ""))
		return
	}
	each := *problem
	each.Detail = "" // a summary of the errors
	for _, e := range problem.Errors {
		o.add(diags, e.Path, TitleInvalid, &each, fieldText(e))
	}
}

// fieldText is the message of a field with its name, once.
func fieldText(e api.ProblemError) string {
	if name := e.Path[strings.LastIndex(e.Path, ".")+1:]; strings.HasPrefix(e.Message, name+" ") {
		return e.Message
	}
	return e.Path + ": " + e.Message
}

// add adds a diagnostic at the attribute that the field comes from.
func (o Operation) add(diags *diag.Diagnostics, field, title string, problem *api.Problem, more string) {
	if o.AttributePath != nil && field != "" {
		if at, ok := o.AttributePath(field); ok {
			diags.AddAttributeError(at, title, o.detail(problem, attributeText(at, more)))
			return
		}
	}
	diags.AddError(title, o.detail(problem, more))
}

// AddAttributeError adds an error about an attribute, which can be nested.
func AddAttributeError(diags *diag.Diagnostics, at path.Path, title, detail string) {
	diags.AddAttributeError(at, title, attributeText(at, detail))
}

// attributeText adds the name of a nested attribute, unless the text has it: Terraform shows the whole resource if its block is a
// dynamic one.
func attributeText(at path.Path, more string) string {
	if len(at.Steps()) < 2 || strings.Contains(more, at.String()) {
		return more
	}
	return strings.TrimSpace("Attribute: " + at.String() + "\n\n" + more)
}

// detail is the text: what failed, the message of the control plane, the next steps and the id of the request.
func (o Operation) detail(problem *api.Problem, more string) string {
	text := fmt.Sprintf("Could not %s.", o.Name)
	if problem.Fault != nil {
		text = strings.TrimSpace(text + " " + o.SideEffect)
	} else if problem.Detail != "" {
		text += " " + problem.Detail
	}
	if more != "" {
		text += "\n\n" + more
	}
	if problem.RequestID != "" {
		text += "\n\nRequest id: " + problem.RequestID
	}
	return text
}

// ImportHint is the import block for an existing object, by the type of its resource; empty without one of the two.
func ImportHint(resource, id string) string {
	if id == "" || resource == "" {
		return ""
	}
	return fmt.Sprintf("To manage the existing object with this configuration, add this block, with the address of this "+
		"resource after \"to\":\n\n  import {\n    to = %s.example\n    id = %q\n  }", resource, id)
}
