package provider_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/acctest"
)

// fixture is a resource as a release wrote it into states: testdata/state has one of each, for every version of its schema.
// They are never rewritten. Whoever raises a version adds UpgradeState to the resource, "upgraded" to the fixtures of the
// older versions, and fixtures of the new one.
type fixture struct {
	Type          string          `json:"type"`
	SchemaVersion int64           `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
	// Upgraded is what becomes of the attributes; absent where they stay as they are.
	Upgraded json.RawMessage `json:"upgraded"`
	// Configured are the attributes that the configuration has. Secrets are in no state.
	Configured []string `json:"configured"`
}

func TestStatesOfEveryReleaseAreRead(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol()
	files, err := filepath.Glob(filepath.Join("testdata", "state", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	missing := map[string]int64{}
	for resourceType, schema := range p.Schema.ResourceSchemas {
		missing[resourceType] = schema.Version
	}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		var f fixture
		if err := json.Unmarshal(raw, &f); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		if f.SchemaVersion == missing[f.Type] {
			delete(missing, f.Type)
		}
		t.Run(filepath.Base(file), func(t *testing.T) {
			t.Parallel()
			f.test(t, p.In(t))
		})
	}
	if len(missing) > 0 {
		t.Errorf("testdata/state has no fixture of these versions: %v", missing)
	}
}

func (f *fixture) test(t *testing.T, p *acctest.Protocol) {
	t.Helper()
	upgraded, diagnostics := p.Upgrade(f.Type, f.SchemaVersion, f.Attributes)
	p.Must(diagnostics)
	if f.Upgraded == nil {
		f.Upgraded = f.Attributes
	}
	var want values
	if err := json.Unmarshal(f.Upgraded, &want); err != nil {
		t.Fatal(err)
	}
	for name, value := range want {
		if !reflect.DeepEqual(upgraded.State[name], value) {
			t.Errorf("%s is %v, want %v", name, upgraded.State[name], value)
		}
	}
	for name, value := range upgraded.State {
		if _, ok := want[name]; !ok && value != nil {
			t.Errorf("%s, which came later, is %v", name, value)
		}
	}
	config := values{}
	for _, name := range f.Configured {
		config[name] = want[name]
	}
	planned, diagnostics := p.Plan(upgraded, config)
	p.Must(diagnostics)
	if !reflect.DeepEqual(planned, upgraded.State) {
		t.Errorf("the next plan is not empty:\n%v\nfrom\n%v", planned, upgraded.State)
	}
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityWarning {
			t.Errorf("the next plan warns: %s", d.Summary)
		}
	}
}
