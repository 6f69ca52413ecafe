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

// Record is a resource that manages one object of the control plane. O is the object as the API returns it, and M the model
// of configurations, plans and states. Its verbs are in files of their own. They do what is the same for every entity:
// timeouts, identity, private state, missing and moved objects, and diagnostics. What differs is in the fields below. A
// resource that embeds a Record can replace a verb.
type Record[O, M any] struct {
	Resource

	// Attributes declares the attributes.
	Attributes func(ctx context.Context) schema.Schema
	// Fields returns what every model has, and Version what every object has.
	Fields  func(*M) ModelFields
	Version func(*O) ObjectVersion
	// Defaults returns the model of an object without a configuration, as after an import.
	Defaults func() M
	// Show copies an object into a model. Attributes that only Terraform has stay as they are.
	Show func(*M, *O, *diag.Diagnostics)
	// Differs reports whether a plan changes anything at the control plane. Timeouts, for example, exist in Terraform only. It
	// may be nil if Before decides this.
	Differs func(plan, state *M) bool
	// Operation describes a verb for error messages: the attributes that fields of a request come from, and what a fault of
	// the target system leaves behind. The name is added.
	Operation func(verb Verb, m *M) tfdiag.Operation

	// Find reads by id. FindByKey reads by the attribute Key, which is unique as well; Example is a value of it.
	Find, FindByKey func(c *api.Client, ctx context.Context, value string) (O, error)
	Key, Example    string

	// Before runs before a call that writes, for what has to be checked or decided first. If it returns false, no call is
	// made: an update keeps the object as it is, and a delete only removes it from the state. It may be nil.
	Before func(ctx context.Context, w *Write[M], diags *diag.Diagnostics) (call bool)
	// Keep stores what a resource keeps in its private state in addition, after a create or an update. The object is nil after an
	// update that made no call. It may be nil.
	Keep func(ctx context.Context, w *Write[M], object *O, diags *diag.Diagnostics)
	// Request makes the calls that write.
	Request Requests[O, M]
}

// Requests are the calls that write, each made from the configuration, the plan and the state. They may report why there is
// nothing to send, and return no error then.
type Requests[O, M any] struct {
	Create, Update func(ctx context.Context, w *Write[M], diags *diag.Diagnostics) (O, error)
	Delete         func(ctx context.Context, w *Write[M], diags *diag.Diagnostics) error
}

// Verb is what is done to an object.
type Verb string

// The verbs.
const (
	VerbCreate Verb = "create"
	VerbRead   Verb = "read"
	VerbUpdate Verb = "update"
	VerbDelete Verb = "delete"
)

// Write is a create, an update or a delete that is being applied.
type Write[M any] struct {
	Verb Verb
	// Config and Plan are nil in a delete, and State is nil in a create. Only Config has write-only attributes.
	Config, Plan, State *M
	// Revision is the one that was last read. If the object has a newer one, the API rejects the call.
	Revision int64
	// Private is the private state, which a create or an update can change.
	Private Private
}

// Private is a private state that can be read and written.
type Private interface {
	controlplane.PrivateReader
	controlplane.PrivateWriter
}

// ModelFields is what every model has.
type ModelFields struct {
	// ID is empty before the object exists.
	ID string
	// Title names the object in messages, such as: user "ada@example.com".
	Title    string
	Timeouts timeouts.Value
}

// ObjectVersion is the id of an object, and its revision.
type ObjectVersion struct {
	ID       string
	Revision int64
}

// Schema declares the attributes.
func (r *Record[O, M]) Schema(ctx context.Context, _ resource.SchemaRequest, resp *resource.SchemaResponse) {
	resp.Schema = r.Attributes(ctx)
}

// Imported writes the state of an object without a configuration, for an import and for a list.
func (r *Record[O, M]) Imported(ctx context.Context, object *O, to *tfsdk.State, diags *diag.Diagnostics) {
	m := r.Defaults()
	r.Show(&m, object, diags)
	encode(ctx, &m, to, diags)
}

// before reports whether a call is to be made.
func (r *Record[O, M]) before(ctx context.Context, w *Write[M], diags *diag.Diagnostics) bool {
	if w.Verb == VerbUpdate && r.Differs != nil && !r.Differs(w.Plan, w.State) {
		return false
	}
	return r.Before == nil || r.Before(ctx, w, diags)
}

// keep stores what a resource keeps in addition.
func (r *Record[O, M]) keep(ctx context.Context, w *Write[M], object *O, diags *diag.Diagnostics) {
	if r.Keep != nil {
		r.Keep(ctx, w, object, diags)
	}
}

// report reports the error of a verb.
func (r *Record[O, M]) report(verb Verb, m *M, err error, diags *diag.Diagnostics) {
	operation := r.Operation(verb, m)
	operation.Name = string(verb) + " the " + r.Fields(m).Title
	if operation.WaitsFor == "" {
		operation.WaitsFor = "the control plane (" + r.Access.Location + ")"
	}
	operation.AfterTimeout = r.Access.AfterTimeout(string(verb))
	operation.Report(diags, err)
}

// record is what is stored of an object beside its state.
func (r *Record[O, M]) record(
	object *O, identity *tfsdk.ResourceIdentity, private controlplane.PrivateWriter,
) controlplane.ObjectRecord {
	version := r.Version(object)
	return controlplane.ObjectRecord{ID: version.ID, Revision: version.Revision, Identity: identity, Private: private}
}
