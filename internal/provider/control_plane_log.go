package provider

import (
	"context"
	"log/slog"
	"slices"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// planeSubsystem is the part of Terraform's log that the embedded control plane writes. TF_LOG_PROVIDER_RIVA_CONTROL_PLANE sets
// its level; the default is the level of the provider.
const planeSubsystem = "riva_control_plane"

// newControlPlaneLogger returns a logger with which the embedded control plane writes to Terraform's log, where users look up
// the request ids of diagnostics. The context is that of the provider's configuration, since the control plane runs longer
// than a request.
func newControlPlaneLogger(ctx context.Context) *slog.Logger {
	ctx = tflog.NewSubsystem(ctx, planeSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_RIVA_CONTROL_PLANE"))
	return slog.New(logHandler{write: func(level slog.Level, message string, fields map[string]any) {
		switch {
		case level >= slog.LevelError:
			tflog.SubsystemError(ctx, planeSubsystem, message, fields)
		case level >= slog.LevelWarn:
			tflog.SubsystemWarn(ctx, planeSubsystem, message, fields)
		case level >= slog.LevelInfo:
			tflog.SubsystemInfo(ctx, planeSubsystem, message, fields)
		default:
			tflog.SubsystemDebug(ctx, planeSubsystem, message, fields)
		}
	}})
}

// logHandler flattens the fields of a record.
type logHandler struct {
	write  func(slog.Level, string, map[string]any)
	fields []slog.Attr
	prefix string
}

// Enabled is always true: Terraform's log selects the levels.
func (h logHandler) Enabled(context.Context, slog.Level) bool { return true }

// Handle writes one record. Values are resolved, so that types that hide secrets from slog hide them here.
func (h logHandler) Handle(_ context.Context, record slog.Record) error {
	fields := make(map[string]any, len(h.fields)+record.NumAttrs())
	for _, a := range h.fields {
		add(fields, "", a)
	}
	record.Attrs(func(a slog.Attr) bool {
		add(fields, h.prefix, a)
		return true
	})
	h.write(record.Level, record.Message, fields)
	return nil
}

// WithAttrs adds fields to every record.
func (h logHandler) WithAttrs(attrs []slog.Attr) slog.Handler {
	h.fields = slices.Clone(h.fields)
	for _, a := range attrs {
		a.Key = h.prefix + a.Key
		h.fields = append(h.fields, a)
	}
	return h
}

// WithGroup adds a prefix to the following fields.
func (h logHandler) WithGroup(name string) slog.Handler {
	h.prefix += name + "."
	return h
}

func add(fields map[string]any, prefix string, a slog.Attr) {
	value := a.Value.Resolve()
	if value.Kind() != slog.KindGroup {
		fields[prefix+a.Key] = value.String()
		return
	}
	if a.Key != "" {
		prefix += a.Key + "."
	}
	for _, member := range value.Group() {
		add(fields, prefix, member)
	}
}
