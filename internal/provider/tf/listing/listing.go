// Package listing lists objects for terraform query (1.14 and newer), the same way for every list resource. It reads only as many
// pages as Terraform requests. Each object has its identity and a display name, and on request the attributes that an import
// would give it.
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

// Description is the part of the documentation that all list resources share.
const Description = "List resources are for `terraform query`, which needs Terraform 1.14. Without `limit`, Terraform stops " +
	"at 100 and does not report that there are more. With `include_resource = true` its JSON (`-json`) has all attributes, " +
	"not only the id and a name."

// Listing lists the objects of one kind. T is the object as the API returns it, and F the model of the filters.
type Listing[T, F any] struct {
	// Operation describes the list for error messages.
	Operation tfdiag.Operation
	// Each reads the objects that match the filters, up to a limit (zero: all).
	Each func(ctx context.Context, filters *F, limit int) iter.Seq2[T, error]
	// Describe returns the id and the display name.
	Describe func(object *T) (id, name string)
	// Show writes the state that an import would write. An object that cannot be shown gets a warning and no state. It is
	// left out, so that it does not hide the others.
	Show func(ctx context.Context, object *T, to *tfsdk.State, diags *diag.Diagnostics)
}

// Stream handles a request.
func (l Listing[T, F]) Stream(ctx context.Context, req list.ListRequest, to *list.ListResultsStream) {
	var filters F
	if diags := req.Config.Get(ctx, &filters); diags.HasError() {
		to.Results = list.ListResultsStreamDiagnostics(diags)
		return
	}
	to.Results = l.results(ctx, req, &filters)
}

// results yields the objects. An error is the last result; an empty list is not an error.
func (l Listing[T, F]) results(ctx context.Context, req list.ListRequest, filters *F) iter.Seq[list.ListResult] {
	return func(push func(list.ListResult) bool) {
		// The timeout starts here since Terraform reads the results after List has returned.
		ctx, cancel := controlplane.WithFixedTimeout(ctx)
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
