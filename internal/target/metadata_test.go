package target_test

import (
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
