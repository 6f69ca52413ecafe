package connection_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/connection"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

func resourceSchema(t *testing.T) schema.Schema {
	t.Helper()
	var resp resource.SchemaResponse
	connection.NewResource(catalog.All(), connection.Blocks(catalog.All()))().Schema(t.Context(), resource.SchemaRequest{}, &resp)
	if d := resp.Schema.ValidateImplementation(t.Context()); d.HasError() {
		t.Fatalf("the schema is not valid: %v", d)
	}
	return resp.Schema
}

func TestSchemaHasEverySystem(t *testing.T) {
	t.Parallel()
	blocks := resourceSchema(t).Blocks
	for _, system := range catalog.All() {
		nested, ok := blocks[system.Name].(schema.SingleNestedBlock)
		if !ok {
			t.Errorf("the block %s is missing", system.Name)
			continue
		}
		if len(nested.Attributes) != len(system.Fields) {
			t.Errorf("%s has %d attributes for %d fields", system.Name, len(nested.Attributes), len(system.Fields))
		}
		for _, f := range system.Fields {
			name := f.Name
			if f.Secret {
				name += "_wo"
			}
			attribute, ok := nested.Attributes[name].(schema.StringAttribute)
			switch {
			case !ok:
				t.Errorf("%s.%s is missing", system.Name, name)
			case f.Secret && (!attribute.WriteOnly || !attribute.Sensitive || !attribute.Optional):
				t.Errorf("%s.%s is a secret and must be write-only, sensitive and optional", system.Name, name)
			case !f.Secret && (attribute.WriteOnly || attribute.Sensitive || !attribute.Optional):
				t.Errorf("%s.%s is a setting: write-only %v, sensitive %v, optional %v", system.Name, name,
					attribute.WriteOnly, attribute.Sensitive, attribute.Optional)
			case f.Default != "" && !strings.Contains(attribute.MarkdownDescription, "`"+f.Default+"`"):
				t.Errorf("%s.%s does not document its default %q", system.Name, name, f.Default)
			}
		}
	}
}

func TestResourceHasNoVolatileAttributes(t *testing.T) {
	t.Parallel()
	for _, name := range []string{
		"status", "fault", "last_test", "first_used_at", "last_used_at", "identity", "warnings", "credentials_expire_at",
		"authorization_url", "authorization_expires_at",
	} {
		if _, ok := resourceSchema(t).Attributes[name]; ok {
			t.Errorf("%s is volatile and would cause drift", name)
		}
	}
}

// The link for a person is the only secret that a data source returns, and it is sensitive.
func TestDataSourcesHaveNoOtherSecret(t *testing.T) {
	t.Parallel()
	for _, d := range []datasource.DataSource{
		connection.NewDataSource(), connection.NewListDataSource(catalog.All())(), connection.NewTestDataSource(),
	} {
		var resp datasource.SchemaResponse
		d.Schema(t.Context(), datasource.SchemaRequest{}, &resp)
		if diags := resp.Schema.ValidateImplementation(t.Context()); diags.HasError() {
			t.Errorf("a schema is not valid: %v", diags)
		}
		for name, attribute := range resp.Schema.Attributes {
			if attribute.IsSensitive() != (name == "authorization_url") || slices.Contains([]string{"credentials", "password"}, name) {
				t.Errorf("%s looks like a secret", name)
			}
		}
	}
}
