package jobs

import (
	"context"
	"log/slog"
)

// queueLog receives the log of River. It writes what River informs about every few seconds only where details are written.
type queueLog struct{ slog.Handler }

// Enabled counts information as a detail.
func (l queueLog) Enabled(ctx context.Context, level slog.Level) bool {
	if level == slog.LevelInfo {
		level = slog.LevelDebug
	}
	return l.Handler.Enabled(ctx, level)
}

// WithAttrs keeps the level.
func (l queueLog) WithAttrs(attrs []slog.Attr) slog.Handler {
	return queueLog{l.Handler.WithAttrs(attrs)}
}

// WithGroup keeps the level.
func (l queueLog) WithGroup(name string) slog.Handler { return queueLog{l.Handler.WithGroup(name)} }
