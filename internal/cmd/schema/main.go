// Command schema prints the provider's schemas as `terraform providers schema -json` does, for tfplugindocs, which expects them
// under the provider's short name.
package main

import (
	"context"
	"encoding/json"
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
	if err := write(context.Background(), os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
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

func write(ctx context.Context, to io.Writer) error {
	// The schemas do not depend on a control plane.
	systems := catalog.All()
	schema, err := schemajson.Schema(ctx, provider.New("dev", systems, nil)())
	if err != nil {
		return err
	}
	requireSettings(schema.ResourceSchemas["riva_connection"].Block, systems)
	return json.NewEncoder(to).Encode(tfjson.ProviderSchemas{
		FormatVersion: schemajson.FormatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{"riva": schema},
	})
}
