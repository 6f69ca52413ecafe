package provider

import (
	"log/slog"
	"reflect"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestControlPlaneLogIsFlatAndHidesSecrets(t *testing.T) {
	t.Parallel()
	var (
		level   slog.Level
		message string
		fields  map[string]any
	)
	log := slog.New(logHandler{write: func(l slog.Level, m string, f map[string]any) { level, message, fields = l, m, f }})
	log.With("a", 1).WithGroup("g").With("b", 2).
		Warn("message", "credentials", target.Credentials{"password": "canary"}, slog.Group("h", "c", true), slog.Group("", "d", "e"))
	want := map[string]any{"a": "1", "g.b": "2", "g.credentials": "[1 secrets]", "g.h.c": "true", "g.d": "e"}
	if level != slog.LevelWarn || message != "message" || !reflect.DeepEqual(fields, want) {
		t.Errorf("wrote %s %q %v, want WARN \"message\" %v", level, message, fields, want)
	}
}
