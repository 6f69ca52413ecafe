// Command schema prints the provider's schemas as `terraform providers schema -json` does, for tfplugindocs, which expects them
// under the provider's short name.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"

	tfjson "github.com/hashicorp/terraform-json"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/schema/schemajson"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

func main() {
	if err := write(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

func write(ctx context.Context) error {
	// The schemas do not depend on a control plane.
	server := provider.New("dev", catalog.All(), nil)()
	schema, err := schemajson.Schema(ctx, server)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(tfjson.ProviderSchemas{
		FormatVersion: schemajson.FormatVersion,
		Schemas:       map[string]*tfjson.ProviderSchema{"riva": schema},
	})
}
