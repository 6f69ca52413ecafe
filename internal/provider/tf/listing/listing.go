// Package listing gives Terraform's query (1.14 and newer) the objects of the control plane, the same way for every list
// resource: read page by page as far as Terraform wants, each with its identity and the name that people know it by, and on
// request with the values that an import would give it.
package listing

import (
	"context"
	"iter"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/list"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Description says, in the documentation of list resources, where they can be used, and what Terraform itself makes of them.
const Description = "List resources are for `terraform query`, which came with Terraform 1.14. Without `limit`, Terraform ends " +
	"at 100 and does not say that there are more. With `include_resource = true` its JSON (`-json`) has all attributes, " +
	"not only the id and a name."

// Listing is how one sort of object is listed: T as the control plane answers it, and F the model of the filters.
type Listing[T, F any] struct {
	// Operation says what is being done, for what goes wrong with it.
	Operation tfdiag.Operation
	// Each reads the objects that pass the filters, up to a limit (zero: all).
	Each func(ctx context.Context, filters *F, limit int) iter.Seq2[T, error]
	// Describe gives the id and the name for people.
	Describe func(object *T) (id, name string)
	// Show writes the state that an import would. An object that cannot be shown gets a warning and no state, and is left
	// out: it must not hide the others.
	Show func(ctx context.Context, object *T, to *tfsdk.State, diags *diag.Diagnostics)
}

// Stream answers a request.
func (l Listing[T, F]) Stream(ctx context.Context, req list.ListRequest, to *list.ListResultsStream) {
	var filters F
	if diags := req.Config.Get(ctx, &filters); diags.HasError() {
		to.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	to.Results = l.results(ctx, req, &filters)
}

// results are the objects. An error is the last of them; nothing at all is no error.
func (l Listing[T, F]) results(ctx context.Context, req list.ListRequest, filters *F) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		// The time-out is in here since Terraform takes the results after List has returned.
		ctx, cancel := context.WithTimeout(ctx, controlplane.DefaultTimeout)
		defer cancel()
		for object, err := range l.Each(ctx, filters, int(req.Limit)) {
			if err != nil {
				var diags diag.Diagnostics
				l.Operation.Report(&diags, err)
				push(list.ListResult{Diagnostics: diags})
				return
			}
			if !push(l.result(ctx, req, &object)) {
				return
			}
		}
	}
}

func (l Listing[T, F]) result(ctx context.Context, req list.ListRequest, object *T) list.ListResult {
	result := req.NewListResult(ctx)
	id, name := l.Describe(object)
	result.DisplayName = name
	controlplane.Identify(ctx, result.Identity, id, &result.Diagnostics)
	if !req.IncludeResource {
		return result
	}
	state := tfsdk.State(*result.Resource)
	l.Show(ctx, object, &state, &result.Diagnostics)
	*result.Resource = tfsdk.Resource(state)
	if state.Raw.IsNull() {
		return list.ListResult{Diagnostics: result.Diagnostics}
	}
	return result
}
