package controlplane

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Timestamp shows a time as the control plane answered it: UTC, with its fraction of a second, since two changes may
// fall into one second.
func Timestamp(t time.Time) timetypes.RFC3339 {
	return timetypes.RFC3339{StringValue: basetypes.NewStringValue(t.UTC().Format(time.RFC3339Nano))}
}

// OptionalTimestamp is Timestamp for a time that may not be there: null then.
func OptionalTimestamp(t *time.Time) timetypes.RFC3339 {
	if t == nil {
		return timetypes.NewRFC3339Null()
	}
	return Timestamp(*t)
}
