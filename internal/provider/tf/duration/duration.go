// Package duration is the type of attributes that hold a duration such as "30m". It is the one of the framework's time types
// with a message of its own for what is no duration: theirs has line breaks in it that are never broken.
package duration

import (
	"context"
	"fmt"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

var (
	_ basetypes.StringTypable                    = Type{}
	_ basetypes.StringValuableWithSemanticEquals = Value{}
	_ xattr.ValidateableAttribute                = Value{}
)

// Type is the custom type to declare.
type Type struct{ timetypes.GoDurationType }

// Value is what models hold of it. Two spellings of one duration are the same.
type Value struct{ timetypes.GoDuration }

// String names the type for developers.
func (Type) String() string { return "duration.Type" }

// ValueType is the type of its values.
func (Type) ValueType(context.Context) attr.Value { return Value{} }

// Equal tells whether another type is this one.
func (Type) Equal(other attr.Type) bool {
	_, same := other.(Type)
	return same
}

// ValueFromString takes any text: whether it is a duration is found out where people are told.
func (Type) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{timetypes.GoDuration{StringValue: in}}, nil
}

// ValueFromTerraform takes a value of a configuration, plan or state.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	taken, err := t.GoDurationType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	value, ok := taken.(timetypes.GoDuration)
	if !ok {
		return nil, fmt.Errorf("take a duration: unexpected value type of %T", taken)
	}
	return Value{value}, nil
}

// Type is the type of the value.
func (Value) Type(context.Context) attr.Type { return Type{} }

// Equal tells whether another value is spelled the same.
func (v Value) Equal(other attr.Value) bool {
	o, same := other.(Value)
	return same && v.GoDuration.Equal(o.GoDuration)
}

// StringSemanticEquals tells whether another value is as long.
func (v Value) StringSemanticEquals(ctx context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	if o, same := other.(Value); same {
		return v.GoDuration.StringSemanticEquals(ctx, o.GoDuration)
	}
	return false, nil
}

// ValidateAttribute refuses what is no duration.
func (v Value) ValidateAttribute(
	_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse,
) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := time.ParseDuration(v.ValueString()); err != nil {
		tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, fmt.Sprintf(
			"%s must be a duration such as \"30m\" or \"1h30m\", with the units \"s\", \"m\" and \"h\", and it is %q.",
			req.Path, v.ValueString()))
	}
}
