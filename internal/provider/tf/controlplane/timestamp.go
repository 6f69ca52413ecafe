package controlplane

import (
	"time"

	"github.com/hashicorp/terraform-plugin-framework-timetypes/timetypes"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
)

// Timestamp converts a time of the API: UTC, with its fraction of a second, since two changes can be in one second.
func Timestamp(t time.Time) timetypes.RFC3339 {
	return timetypes.RFC3339{StringValue: basetypes.NewStringValue(t.UTC().Format(time.RFC3339Nano))}
}

// OptionalTimestamp converts a time that can be absent. It is null then.
func OptionalTimestamp(t *time.Time) timetypes.RFC3339 {
	if t == nil {
		return timetypes.NewRFC3339Null()
	}
	return Timestamp(*t)
}
