package entity

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
)

// Source is a configuration, a plan or a state.
type Source interface {
	Get(ctx context.Context, target any) diag.Diagnostics
}

// Coder is a model that reads and writes itself, such as one whose attributes are made at run time. A struct with tfsdk tags
// does not need it.
type Coder interface {
	Decode(ctx context.Context, from Source, diags *diag.Diagnostics)
	Encode(ctx context.Context, to *tfsdk.State, diags *diag.Diagnostics)
}

// decode reads a model.
func decode[M any](ctx context.Context, from Source, diags *diag.Diagnostics) *M {
	m := new(M)
	if coder, ok := any(m).(Coder); ok {
		coder.Decode(ctx, from, diags)
	} else {
		diags.Append(from.Get(ctx, m)...)
	}
	return m
}

// encode writes a model into a state.
func encode[M any](ctx context.Context, m *M, to *tfsdk.State, diags *diag.Diagnostics) {
	if coder, ok := any(m).(Coder); ok {
		coder.Encode(ctx, to, diags)
	} else {
		diags.Append(to.Set(ctx, m)...)
	}
}
