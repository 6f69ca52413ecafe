package target_test

import (
	"context"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestSnapshot(t *testing.T) {
	t.Parallel()
	definitions := map[string]map[string]any{"Contact": {"label": "Contact", "fields": 3}, "Account": {"label": "Account"}}
	before, err := target.NewSnapshot(definitions)
	if err != nil || !slices.Equal(before.Objects, []string{"Account", "Contact"}) || len(before.Digest) != 64 {
		t.Fatalf("got %+v, %v", before, err)
	}
	definitions["Contact"] = map[string]any{"fields": 3, "label": "Contact"}
	if same, err := target.NewSnapshot(definitions); err != nil || same.Digest != before.Digest {
		t.Errorf("the order counts: %+v, %v", same, err)
	}
	definitions["Contact"]["fields"] = 4
	if after, err := target.NewSnapshot(definitions); err != nil || after.Digest == before.Digest {
		t.Errorf("a change does not count: %+v, %v", after, err)
	}
	if _, err := target.NewSnapshot(map[string]func(){"Contact": nil}); err == nil {
		t.Error("a value that JSON cannot encode is accepted")
	}
	names := []string{"b", "a", "b"}
	if got := target.SnapshotOf(names, nil); !slices.Equal(got.Objects, []string{"a", "b"}) || names[0] != "b" {
		t.Errorf("got %+v of %v", got, names)
	}
}

type reader struct{ target.Session }

func (reader) read(context.Context) (target.Snapshot, error) {
	return target.Snapshot{Objects: []string{"Account"}}, nil
}

func TestMetadataReader(t *testing.T) {
	t.Parallel()
	declared := target.NewMetadataReader("objects", reader.read)
	if got, err := declared.Read(t.Context(), reader{}); err != nil || len(got.Objects) != 1 || declared.Objects != "objects" {
		t.Errorf("got %+v, %v", got, err)
	}
	if got, err := declared.Read(t.Context(), nil); err == nil {
		t.Errorf("got %+v from a session of another type", got)
	}
}
