// Command schema prints the provider's schemas as `terraform providers schema -json` does, for tfplugindocs, which expects them
// under the provider's short name. With -pages, it adds the attributes of connections to the pages that tfplugindocs made.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/schema/schemajson"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

func main() {
	pages := flag.String("pages", "", "folder of the pages to add the attributes of connections to")
	flag.Parse()
	if err := run(context.Background(), os.Stdout, *pages); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, out io.Writer, pages string) error {
	systems := catalog.All()
	schema, err := read(ctx, systems)
	if err != nil {
		return err
	}
	if pages != "" {
		return fill(pages, schema.ResourceSchemas[resourceName].Block, systems)
	}
	return json.NewEncoder(out).Encode(tfjson.ProviderSchemas{
		FormatVersion: schemajson.FormatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{"riva": schema},
	})
}

// requireSettings documents the settings as required that the validation requires. In the schema of a block, they are optional:
// the framework would report them as missing without the block.
func requireSettings(connection *tfjson.SchemaBlock, systems []*target.System) {
	for _, system := range systems {
		for _, f := range system.Settings() {
			setting := connection.NestedBlocks[system.Name].Block.Attributes[f.Name]
			setting.Required, setting.Optional = f.Required, !f.Required
		}
	}
}

// read returns the schemas of the provider. They do not depend on a control plane.
func read(ctx context.Context, systems []*target.System) (*tfjson.ProviderSchema, error) {
	schema, err := schemajson.Schema(ctx, provider.New("dev", systems, nil)())
	if err != nil {
		return nil, err
	}
	requireSettings(schema.ResourceSchemas[resourceName].Block, systems)
	return schema, nil
}
