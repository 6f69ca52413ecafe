// Package tfdiag turns what went wrong at the control plane into Terraform diagnostics, once for all entities: which
// title, at which attribute, and what to do next.
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

// Operation is what was being done when something went wrong.
type Operation struct {
	// Name completes the sentence "Could not …", such as: create the connection "Exchange".
	Name string
	// Resource is the type of the resource, such as riva_connection; the import block for a taken name shows it.
	Resource string
	// SideEffect tells what a target system's fault left behind, such as: Nothing was created.
	SideEffect string
	// AttributePath finds the attribute that a field of the request comes from, such as "settings.ews_url", or, for a fault, the
	// bare name of the connection's field. Nil, or a false answer, gives diagnostics about the whole resource.
	AttributePath func(field string) (path.Path, bool)
}

// Report appends what the error means. It does nothing without an error.
func (a Operation) Report(diags *diag.Diagnostics, err error) {
	if err == nil {
		return
	}
	if problem, ok := api.AsProblem(err); ok {
		a.reportProblem(diags, problem)
		return
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		diags.AddError(TitleTimeout, fmt.Sprintf("Could not %s within the time allowed: %s.\n\n"+
			"The timeouts attribute bounds the whole operation, request_timeout of the provider bounds one call.", a.Name, err))
	case errors.Is(err, context.Canceled):
		diags.AddError(TitleCanceled, fmt.Sprintf("Could not %s: it was cancelled.", a.Name))
	default:
		diags.AddError(TitleUnreachable, strings.TrimSpace(fmt.Sprintf("Could not %s: %s.\n\n%s", a.Name, err, networkHint(err))))
	}
}

// networkHint tells what to look at when a network led to no answer. Without a network, nothing of it would help.
func networkHint(err error) string {
	if _, lost := errors.AsType[net.Error](err); !lost {
		return ""
	}
	return "Nothing answered at the endpoint. See whether endpoint (RIVA_ENDPOINT) is the address of the control plane, whether " +
		"the control plane runs, and whether this machine reaches it: a firewall or a proxy (HTTPS_PROXY) may be in between."
}

func (a Operation) reportProblem(diags *diag.Diagnostics, problem *api.Problem) {
	switch strings.TrimPrefix(problem.Type, api.ProblemTypePrefix) {
	case api.ProblemFault:
		a.reportFault(diags, problem)
	case api.ProblemInvalid:
		a.reportFieldErrors(diags, problem)
	case api.ProblemNameTaken:
		a.add(diags, "name", TitleNameTaken, problem, a.importHint(problem.ObjectID))
	case api.ProblemRevision:
		diags.AddError(TitleRevision, a.detail(problem,
			"Nothing was changed. Plan again to see what is different now, then apply that plan."))
	case api.ProblemScope:
		diags.AddError(TitleScope, a.detail(problem,
			"The client of the control plane that the provider is configured with lacks a scope for this."))
	case api.ProblemUnauthenticated:
		diags.AddError(TitleUnauthenticated, a.detail(problem,
			"Check token (RIVA_TOKEN), or client_id and client_secret (RIVA_CLIENT_ID, RIVA_CLIENT_SECRET)."))
	case api.ProblemNotFound:
		diags.AddError(TitleNotFound, a.detail(problem, ""))
	case api.ProblemConnectionInUse:
		diags.AddError(TitleConnectionInUse, a.detail(problem, ""))
	case api.ProblemCredentialsNeeded:
		diags.AddError(TitleCredentialsBound, a.detail(problem, ""))
	default:
		diags.AddError(problem.Title, a.detail(problem, ""))
	}
}

// reportFault keeps the fault's title word for word: it is what people look up.
func (a Operation) reportFault(diags *diag.Diagnostics, problem *api.Problem) {
	if problem.Fault == nil {
		diags.AddError(problem.Title, a.detail(problem, ""))
		return
	}
	a.add(diags, problem.Fault.Field, problem.Fault.Title, problem, fault.Detail(problem.Fault))
}

func (a Operation) reportFieldErrors(diags *diag.Diagnostics, problem *api.Problem) {
	if len(problem.Errors) == 0 {
		diags.AddError(TitleInvalid, a.detail(problem, ""))
		return
	}
	each := *problem
	each.Detail = "" // it sums up what follows
	for _, e := range problem.Errors {
		a.add(diags, e.Path, TitleInvalid, &each, fmt.Sprintf("%s: %s", e.Path, e.Message))
	}
}

// add places a diagnostic at the attribute that the field comes from.
func (a Operation) add(diags *diag.Diagnostics, field, title string, problem *api.Problem, more string) {
	if a.AttributePath != nil && field != "" {
		if at, ok := a.AttributePath(field); ok {
			diags.AddAttributeError(at, title, a.detail(problem, attributeText(at, more)))
			return
		}
	}
	diags.AddError(title, a.detail(problem, more))
}

// AddAttributeError reports what is wrong with an attribute, which may be nested.
func AddAttributeError(diags *diag.Diagnostics, at path.Path, title, detail string) {
	diags.AddAttributeError(at, title, attributeText(at, detail))
}

// AddWithoutValue reports what is wrong with an attribute whose value must not be shown: Terraform quotes the whole value of what a
// diagnostic is placed at, with the secrets that somebody wrote there. It is about the whole resource, and names the
// attribute in words.
func AddWithoutValue(diags *diag.Diagnostics, attribute, title, detail string) {
	diags.AddError(title, "Attribute: "+attribute+"\n\n"+detail)
}

// attributeText names a nested attribute in words: Terraform points to the whole resource where it cannot look into an object.
func attributeText(at path.Path, more string) string {
	if len(at.Steps()) < 2 {
		return more
	}
	return strings.TrimSpace("Attribute: " + at.String() + "\n\n" + more)
}

// detail says what was being done, what the control plane answered, what to do, and which request it was.
func (a Operation) detail(problem *api.Problem, more string) string {
	text := fmt.Sprintf("Could not %s.", a.Name)
	if problem.Fault != nil {
		text = strings.TrimSpace(text + " " + a.SideEffect)
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

// importHint is the import block for an object that has the name already.
func (a Operation) importHint(id string) string {
	if id == "" || a.Resource == "" {
		return ""
	}
	return fmt.Sprintf("To manage the existing one with this configuration instead, add this block, with the address of "+
		"this resource after \"to\":\n\n  import {\n    to = %s.example\n    id = %q\n  }", a.Resource, id)
}
