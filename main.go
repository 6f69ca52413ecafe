// Command terraform-provider-riva manages the connections of Riva Cloud Corporate with Terraform.
// Terraform starts it as a plugin; it is not meant to be started by hand.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
)

// address is where the registry lists this provider.
const address = "registry.terraform.io/terraform-provider-riva/riva"

// version is set by the linker when a release is built.
var version = "dev"

func main() {
	debug := flag.Bool("debug", false, "wait for a debugger and print how Terraform can attach")
	flag.Parse()

	err := providerserver.Serve(context.Background(), newProvider, providerserver.ServeOpts{
		Address: address, Debug: *debug, ProtocolVersion: 6,
	})
	if err != nil {
		slog.Error("serve the provider", "error", err)
		os.Exit(1)
	}
}

// rivaProvider offers nothing yet: it is the frame that resources and data sources hang in.
type rivaProvider struct{}

func newProvider() provider.Provider { return rivaProvider{} }

func (rivaProvider) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName, resp.Version = "riva", version
}

func (rivaProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: "Manages the connections of Riva Cloud Corporate."}
}

func (rivaProvider) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}

func (rivaProvider) Resources(context.Context) []func() resource.Resource { return nil }

func (rivaProvider) DataSources(context.Context) []func() datasource.DataSource { return nil }
