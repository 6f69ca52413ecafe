// Package duration is the type of attributes with a duration such as "30m". It is the type of
// terraform-plugin-framework-timetypes with another error message: the original one has escaped line breaks in it.
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

// Value is the value in models. Two spellings of one duration are semantically equal.
type Value struct{ timetypes.GoDuration }

// String returns the name of the type, for developers.
func (Type) String() string { return "duration.Type" }

// ValueType is the type of its values.
func (Type) ValueType(context.Context) attr.Value { return Value{} }

// Equal reports whether another type is this one.
func (Type) Equal(other attr.Type) bool {
	_, same := other.(Type)
	return same
}

// ValueFromString accepts any text. [Value.ValidateAttribute] checks it, where an error message is possible.
func (Type) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return Value{timetypes.GoDuration{StringValue: in}}, nil
}

// ValueFromTerraform converts a value of a configuration, plan or state.
func (t Type) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	converted, err := t.GoDurationType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	value, ok := converted.(timetypes.GoDuration)
	if !ok {
		return nil, fmt.Errorf("convert a duration: unexpected value type %T", converted)
	}
	return Value{value}, nil
}

// Type is the type of the value.
func (Value) Type(context.Context) attr.Type { return Type{} }

// Equal reports whether another value has the same spelling.
func (v Value) Equal(other attr.Value) bool {
	o, same := other.(Value)
	return same && v.GoDuration.Equal(o.GoDuration)
}

// StringSemanticEquals reports whether another value is the same duration.
func (v Value) StringSemanticEquals(ctx context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	if o, same := other.(Value); same {
		return v.GoDuration.StringSemanticEquals(ctx, o.GoDuration)
	}
	return false, nil
}

// ValidateAttribute rejects a text that is not a duration.
func (v Value) ValidateAttribute(
	_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse,
) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := time.ParseDuration(v.ValueString()); err != nil {
		tfdiag.AddAttributeError(&resp.Diagnostics, req.Path, tfdiag.TitleInvalid, fmt.Sprintf(
			"%s must be a duration such as \"30m\" or \"1h30m\", with the units \"s\", \"m\" and \"h\", but it is %q.",
			req.Path, v.ValueString()))
	}
}
