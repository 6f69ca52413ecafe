package server_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/server"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

var update = flag.Bool("update", false, "write the OpenAPI document to testdata instead of comparing it")

// The document is in testdata, so that a review shows changes of the contract.
func TestOpenAPIMatchesReviewed(t *testing.T) {
	t.Parallel()
	s := server.New(engine.New(nil, engine.Options{Systems: catalog.All()}), server.Options{Version: "9.9.9"})
	got, err := s.OpenAPI()
	if err != nil {
		t.Fatal(err)
	}
	golden := filepath.Join("testdata", "openapi.json")
	if *update {
		if err := os.WriteFile(golden, got, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("the contract differs from %s; if that is intended, run: go test ./internal/server -run OpenAPI -update", golden)
	}
	if bytes.Contains(want, []byte("9.9.9")) {
		t.Error("the contract depends on the version of the server")
	}
}

func TestOpenAPIIsServed(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		s.token = "" // the document is public
		var document struct {
			OpenAPI    string                    `json:"openapi"`
			Paths      map[string]map[string]any `json:"paths"`
			Components struct {
				Schemas map[string]struct {
					Properties map[string]map[string]any `json:"properties"`
					OneOf      []any                     `json:"oneOf"`
				} `json:"schemas"`
			} `json:"components"`
		}
		s.decode(t, "/openapi.json", &document)
		if document.OpenAPI != "3.1.0" {
			t.Errorf("OpenAPI %q", document.OpenAPI)
		}
		for path, methods := range map[string][]string{
			"/v1/connections":                          {"get", "post"},
			"/v1/connections/{id}":                     {"get", "patch", "delete"},
			"/v1/connections/{id}/credentials":         {"put"},
			"/v1/connections/{id}/tests":               {"get", "post"},
			"/v1/connections/{id}/revalidations":       {"post"},
			"/v1/credential-comparisons":               {"post"},
			"/v1/sync-policies/{id}/cycles/{cycle_id}": {"get"},
			"/v1/sync-logs":                            {"get"},
			"/healthz":                                 {"get"},
			"/oauth/token":                             {"post"},
		} {
			for _, method := range methods {
				operation, _ := document.Paths[path][method].(map[string]any)
				if operation["operationId"] == nil {
					t.Errorf("%s %s is missing", method, path)
				}
			}
		}
		schemas := document.Components.Schemas
		password := schemas["MailCredentials"].Properties["password"]
		if password["writeOnly"] != true || schemas["SalesSettings"].Properties["mode"]["default"] != "plain" {
			t.Errorf("the fields of the target systems: %+v", schemas["MailCredentials"])
		}
		if choices := schemas["CreateConnection"].OneOf; len(choices) != 3 {
			text, _ := json.Marshal(choices)
			t.Errorf("choices %s", text)
		}
	})
}
