package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-timeouts/resource/timeouts"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

// Record is a resource whose object is no more than a record of attributes, each the same in Terraform and in the control
// plane. O is the object as the control plane answers it, and M the model of plans and states. Its verbs are in files of
// their own; whoever embeds it can add to them.
type Record[O, M any] struct {
	Resource

	// Attributes declare the resource. One of them is last_modified_at, and all but the time-outs are the control plane's.
	Attributes func(ctx context.Context) schema.Schema
	// Fields is what every model holds, and Stamp what every object has.
	Fields  func(*M) ModelFields
	Version func(*O) ObjectVersion
	// Show takes over what the control plane answered into a model.
	Show func(*M, *O)
	// Differs tells whether the plan asks the control plane for anything. Time-outs are between Terraform and the provider.
	Differs func(plan, state *M) bool
	// Operation is something done to an object, for reporting what went wrong with it.
	Operation func(doing string) tfdiag.Operation

	// Find reads by id; FindByKey by the attribute Key, which is unique beside it and of which Example is a value.
	Find, FindByKey func(c *api.Client, ctx context.Context, value string) (O, error)
	Key, Example    string
	// CreateObject creates what is planned, and Change brings an object of that revision from state to plan. They may report as well
	// why there is nothing to send.
	CreateObject func(ctx context.Context, c *api.Client, plan *M, diags *diag.Diagnostics) (O, error)
	Change       func(ctx context.Context, c *api.Client, plan, state *M, revision int64, diags *diag.Diagnostics) (O, error)
	Remove       func(c *api.Client, ctx context.Context, id string) error
}

// ModelFields is what the model of every record holds.
type ModelFields struct {
	// ID is empty as long as there is no object.
	ID string
	// Title is the object in the words of diagnostics, such as: user "ada@example.com".
	Title    string
	Timeouts *timeouts.Value
}

// ObjectVersion is by which id, and in which revision, the control plane knows an object.
type ObjectVersion struct {
	ID       string
	Revision int64
}

// Schema declares the attributes.
func (r *Record[O, M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.Attributes(ctx)
}

// Adopted writes the state of an object that was not configured yet, as an import and a list give it.
func (r *Record[O, M]) Adopted(ctx context.Context, object *O, to *tfsdk.State, diags *diag.Diagnostics) {
	var m M
	*r.Fields(&m).Timeouts = controlplane.NoTimeouts()
	r.Show(&m, object)
	diags.Append(to.Set(ctx, &m)...)
}

// memory is what is kept of an object beside its state.
func (r *Record[O, M]) memory(
	object *O, identity *tfsdk.ResourceIdentity, private controlplane.PrivateWriter,
) controlplane.ObjectRecord {
	stamp := r.Version(object)
	return controlplane.ObjectRecord{ID: stamp.ID, Revision: stamp.Revision, Identity: identity, Private: private}
}
