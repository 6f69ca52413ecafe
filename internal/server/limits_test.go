package server_test

import (
	"encoding/json"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
)

// Tags cannot use constants: what they say must be what package api says.
func TestDocumentStatesTheLimits(t *testing.T) {
	t.Parallel()
	text, err := server.New(engine.New(nil, engine.Options{}), server.Options{}).OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	type schema struct {
		Minimum, Maximum, Default     any
		MinItems, MaxItems, MaxLength any
		Properties                    map[string]schema
	}
	var document struct {
		Paths map[string]map[string]struct {
			Parameters []struct {
				Name, In string
				Schema   schema
			}
		}
		Components struct{ Schemas map[string]schema }
	}
	if err := json.Unmarshal(text, &document); err != nil {
		t.Fatal(err)
	}
	expect := func(what string, got any, want int) {
		t.Helper()
		if got != float64(want) {
			t.Errorf("%s: %v, want %d", what, got, want)
		}
	}
	seen := map[string]int{}
	for path, operations := range document.Paths {
		for method, operation := range operations {
			for _, p := range operation.Parameters {
				where := method + " " + path + " " + p.Name
				seen[p.In+" "+p.Name]++
				switch {
				case p.In == "path":
					expect(where, p.Schema.MaxLength, api.MaxIDLength)
				case p.Name == "limit":
					expect(where, p.Schema.Maximum, api.MaxPage)
					expect(where, p.Schema.Default, api.MaxPage)
				case p.Name == "cursor":
					expect(where, p.Schema.MaxLength, api.MaxCursorLength)
				case p.Name == "id":
					expect(where, p.Schema.MaxItems, api.MaxIDs)
				case p.Name == "Idempotency-Key":
					expect(where, p.Schema.MaxLength, api.MaxIdempotencyKeyLength)
				case p.Name == "Riva-Run-Id":
					expect(where, p.Schema.MaxLength, api.MaxRunIDLength)
				}
			}
		}
	}
	for _, name := range []string{
		"path id", "query limit", "query cursor", "query id", "header Idempotency-Key", "header Riva-Run-Id",
	} {
		if seen[name] == 0 {
			t.Errorf("no operation has the parameter %s", name)
		}
	}
	schemas := document.Components.Schemas
	expect("comparisons", schemas["CompareCredentials"].Properties["comparisons"].MaxItems, api.MaxComparisons)
	interval := schemas["Policy"].Properties["interval_seconds"]
	expect("shortest interval", interval.Minimum, int(api.MinInterval.Seconds()))
	expect("longest interval", interval.Maximum, int(api.MaxInterval.Seconds()))
}
