package schemajson_test

import (
	"context"
	"encoding/json"
	"reflect"
	"strings"
	"testing"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/schema/schemajson"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }

func TestSchemaEqualsTerraform(t *testing.T) {
	t.Parallel()
	ours, err := schemajson.Schema(t.Context(), provider.New(acctest.Version, catalog.All(), nil)())
	if err != nil {
		t.Fatal(err)
	}
	output := acctest.New(t).Command("").Must("providers", "schema", "-json")
	_, rest, _ := strings.Cut(output, "{") // there may be warnings before the JSON
	var document tfjson.ProviderSchemas
	if err := json.Unmarshal([]byte("{"+rest), &document); err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	if len(document.Schemas) != 1 {
		t.Fatalf("Terraform returns %d providers, want this one", len(document.Schemas))
	}
	for _, theirs := range document.Schemas {
		for part, pair := range map[string][2]any{
			"the configuration":   {ours.ConfigSchema, theirs.ConfigSchema},
			"resources":           {ours.ResourceSchemas, theirs.ResourceSchemas},
			"data sources":        {ours.DataSourceSchemas, theirs.DataSourceSchemas},
			"ephemeral resources": {ours.EphemeralResourceSchemas, theirs.EphemeralResourceSchemas},
			"list resources":      {ours.ListResourceSchemas, theirs.ListResourceSchemas},
			"actions":             {ours.ActionSchemas, theirs.ActionSchemas},
			"identities":          {ours.ResourceIdentitySchemas, theirs.ResourceIdentitySchemas},
		} {
			expected := reflect.ValueOf(pair[1])
			if expected.Kind() == reflect.Map && expected.Len() == 0 {
				continue // this version of Terraform does not support them, or the provider has none
			}
			if a, b := text(t, pair[0]), text(t, pair[1]); a != b {
				t.Errorf("%s differ:\nours:        %.3000s\nTerraform's: %.3000s", part, a, b)
			}
		}
	}
}

func text(t *testing.T, v any) string {
	t.Helper()
	out, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// fakeProvider is a provider that has only schemas.
type fakeProvider struct {
	tfprotov6.ProviderServer

	schemas    tfprotov6.GetProviderSchemaResponse
	identities tfprotov6.GetResourceIdentitySchemasResponse
}

func (p fakeProvider) GetProviderSchema(
	context.Context, *tfprotov6.GetProviderSchemaRequest,
) (*tfprotov6.GetProviderSchemaResponse, error) {
	return &p.schemas, nil
}

func (p fakeProvider) GetResourceIdentitySchemas(
	context.Context, *tfprotov6.GetResourceIdentitySchemasRequest,
) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &p.identities, nil
}

// Older versions of Terraform, with which the tests run as well, leave this out.
func TestSchemaIsComplete(t *testing.T) {
	t.Parallel()
	block := &tfprotov6.SchemaBlock{
		Description: "*What* it is.", DescriptionKind: tfprotov6.StringKindMarkdown,
		Attributes: []*tfprotov6.SchemaAttribute{
			{Name: "tags", Type: tftypes.Map{ElementType: tftypes.String}, Optional: true, Deprecated: true},
			{Name: "user", Required: true, NestedType: &tfprotov6.SchemaObject{
				Nesting:    tfprotov6.SchemaObjectNestingModeSet,
				Attributes: []*tfprotov6.SchemaAttribute{{Name: "age", Type: tftypes.Number, Computed: true, Sensitive: true}},
			}},
		},
		BlockTypes: []*tfprotov6.SchemaNestedBlock{{
			TypeName: "step", Nesting: tfprotov6.SchemaNestedBlockNestingModeList, MaxItems: 2,
			Block: &tfprotov6.SchemaBlock{Attributes: []*tfprotov6.SchemaAttribute{
				{Name: "key", Type: tftypes.String, Optional: true, WriteOnly: true},
			}},
		}},
	}
	const written = `{"attributes":{` +
		`"tags":{"type":["map","string"],"description_kind":"plain","deprecated":true,"optional":true},` +
		`"user":{"nested_type":{"attributes":{"age":{"type":"number","description_kind":"plain","computed":true,"sensitive":true}},` +
		`"nesting_mode":"set"},"description_kind":"plain","required":true}},` +
		`"block_types":{"step":{"nesting_mode":"list","block":{"attributes":{"key":{"type":"string","description_kind":"plain",` +
		`"optional":true,"write_only":true}},"description_kind":"plain"},"max_items":2}},` +
		`"description":"*What* it is.","description_kind":"markdown"}`
	schema := &tfprotov6.Schema{Version: 1, Block: block}
	got, err := schemajson.Schema(t.Context(), fakeProvider{
		schemas: tfprotov6.GetProviderSchemaResponse{
			EphemeralResourceSchemas: map[string]*tfprotov6.Schema{"riva_token": schema},
			ListResourceSchemas:      map[string]*tfprotov6.Schema{"riva_user": schema},
			ActionSchemas:            map[string]*tfprotov6.ActionSchema{"riva_do": {Schema: schema}},
		},
		identities: tfprotov6.GetResourceIdentitySchemasResponse{
			IdentitySchemas: map[string]*tfprotov6.ResourceIdentitySchema{"riva_user": {
				Version: 3, IdentityAttributes: []*tfprotov6.ResourceIdentitySchemaAttribute{
					{Name: "id", Type: tftypes.String, RequiredForImport: true, Description: "Which."},
				},
			}},
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	want := `{"ephemeral_resource_schemas":{"riva_token":{"version":1,"block":` + written + `}},` +
		`"action_schemas":{"riva_do":{"block":` + written + `}},` +
		`"resource_identity_schemas":{"riva_user":{"version":3,"attributes":{"id":{"type":"string","description":"Which.",` +
		`"required_for_import":true}}}},"list_resource_schemas":{"riva_user":{"version":1,"block":` + written + `}}}`
	if text(t, got) != want {
		t.Errorf("the document is\n%s\nwant\n%s", text(t, got), want)
	}
}

func TestUnsupportedSchemaIsError(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		schemas tfprotov6.GetProviderSchemaResponse
		want    string
	}{
		"functions": {
			tfprotov6.GetProviderSchemaResponse{Functions: map[string]*tfprotov6.Function{"f": {}}}, "functions",
		},
		"an error": {
			tfprotov6.GetProviderSchemaResponse{Diagnostics: []*tfprotov6.Diagnostic{
				{Severity: tfprotov6.DiagnosticSeverityError, Summary: "Broken", Detail: "Because."},
			}}, "Broken: Because.",
		},
	} {
		_, err := schemajson.Schema(t.Context(), fakeProvider{schemas: c.schemas})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: the error is %v, want one with %q", name, err, c.want)
		}
	}
}
