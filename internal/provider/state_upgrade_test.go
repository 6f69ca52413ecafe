package provider_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// fixture is a resource as a release wrote it into states. For every version of a schema, testdata/state has one of each
// resource, and of connections one for each target system. They are never rewritten. A change that raises a version adds
// UpgradeState to the resource, "upgraded" to the fixtures of the older versions, and fixtures of the new one.
type fixture struct {
	Type          string          `json:"type"`
	SchemaVersion int64           `json:"schema_version"`
	Attributes    json.RawMessage `json:"attributes"`
	// Upgraded are the attributes after the upgrade. It is absent if they do not change.
	Upgraded json.RawMessage `json:"upgraded"`
	// Configured are the attributes in the configuration. A state has no secrets.
	Configured []string `json:"configured"`
}

// of is the type of the resource and, for a connection, the target system, since each has attributes of its own.
func (f *fixture) of(t *testing.T) string {
	t.Helper()
	if f.Type != "riva_connection" {
		return f.Type
	}
	return f.Type + " " + f.attribute(t, "system")
}

func (f *fixture) attribute(t *testing.T, name string) string {
	t.Helper()
	text, ok := f.values(t, f.Attributes)[name].(string)
	if !ok {
		t.Fatalf("%s has no %s", f.Type, name)
	}
	return text
}

func (f *fixture) values(t *testing.T, raw json.RawMessage) values {
	t.Helper()
	var all values
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// stored is the response of the control plane for the resource, which has not changed since.
func (f *fixture) stored(t *testing.T) values {
	t.Helper()
	stored := f.values(t, f.Attributes).With(values{"revision": 1})
	switch f.Type {
	case "riva_connection":
		settings := values{}
		system, _ := stored[f.attribute(t, "system")].(map[string]any)
		for name, value := range system {
			if value != nil {
				settings[name] = value
			}
		}
		stored["settings"] = settings
	case "riva_sync_policy":
		interval, err := time.ParseDuration(f.attribute(t, "interval"))
		if err != nil {
			t.Fatal(err)
		}
		stored["interval_seconds"] = interval.Seconds()
	}
	return stored
}

// fixtures reads all fixtures, by the names of their files.
func fixtures(t *testing.T) map[string]*fixture {
	t.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", "state", "*.json"))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]*fixture{}
	for _, file := range files {
		raw, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f := new(fixture)
		if err := json.Unmarshal(raw, f); err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		all[filepath.Base(file)] = f
	}
	return all
}

func TestStatesOfEveryReleaseAreRead(t *testing.T) {
	t.Parallel()
	all := fixtures(t)
	stored := map[string]values{}
	for _, f := range all {
		stored[f.attribute(t, "id")] = f.stored(t)
	}
	env := acctest.Empty(t)
	env.Serve(func(resp *http.Response) error { return respondStored(resp, stored) })
	p := env.Protocol()
	missing := map[string]int64{}
	for resourceType, schema := range p.Schema.ResourceSchemas {
		missing[resourceType] = schema.Version
	}
	for _, system := range env.Systems {
		missing["riva_connection "+system.Name] = missing["riva_connection"]
	}
	delete(missing, "riva_connection")
	for name, f := range all {
		if f.SchemaVersion == missing[f.of(t)] {
			delete(missing, f.of(t))
		}
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f.test(t, p.In(t))
		})
	}
	if len(missing) > 0 {
		t.Errorf("testdata/state has no fixture of these versions: %v", missing)
	}
}

// respondStored replaces the response to a read, of one object or of several, by the stored objects.
func respondStored(resp *http.Response, stored map[string]values) error {
	if object, ok := stored[path.Base(resp.Request.URL.Path)]; ok {
		return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", object)
	}
	objects := []values{}
	for _, id := range resp.Request.URL.Query()["id"] {
		objects = append(objects, stored[id])
	}
	if len(objects) == 0 {
		return nil
	}
	return acctest.ReplaceResponse(resp, http.StatusOK, "application/json", values{"items": objects})
}

// withoutNewNulls leaves out of a block the settings that are null because the fixture is older than they are.
func withoutNewNulls(got, want any) any {
	block, ok := got.(map[string]any)
	before, was := want.(map[string]any)
	if !ok || !was {
		return got
	}
	block = maps.Clone(block)
	maps.DeleteFunc(block, func(name string, value any) bool {
		_, known := before[name]
		return !known && value == nil
	})
	return block
}

func (f *fixture) test(t *testing.T, p *acctest.Protocol) {
	t.Helper()
	upgraded, diagnostics := p.Upgrade(f.Type, f.SchemaVersion, f.Attributes)
	p.Must(diagnostics)
	if f.Upgraded == nil {
		f.Upgraded = f.Attributes
	}
	want := f.values(t, f.Upgraded)
	for name, value := range want {
		if !reflect.DeepEqual(withoutNewNulls(upgraded.State[name], value), value) {
			t.Errorf("%s is %v, want %v", name, upgraded.State[name], value)
		}
	}
	for name, value := range upgraded.State {
		if _, ok := want[name]; !ok && value != nil {
			t.Errorf("%s, which the fixture does not have, is %v", name, value)
		}
	}
	config := values{}
	for _, name := range f.Configured {
		config[name] = want[name]
	}
	read, refreshed := p.Read(upgraded)
	p.Must(refreshed)
	if !reflect.DeepEqual(read.State, upgraded.State) || read.Identity["id"] != want["id"] {
		t.Errorf("refreshed it is %v\n%v\nfrom\n%v", read.Identity, read.State, upgraded.State)
	}
	planned, diagnostics := p.Plan(read, config)
	p.Must(diagnostics)
	if !reflect.DeepEqual(planned, read.State) {
		t.Errorf("the next plan is not empty:\n%v\nfrom\n%v", planned, read.State)
	}
	if warned := acctest.DiagnosticText(slices.Concat(refreshed, diagnostics), tfprotov6.DiagnosticSeverityWarning); warned != "" {
		t.Errorf("the next refresh or plan warns: %s", warned)
	}
}
