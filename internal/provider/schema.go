package provider

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework-validators/int64validator"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
)

const description = `
Manages the connections that Riva Cloud Corporate needs, one to the CRM and one to the email system: declare them, and
` + "`terraform apply`" + ` creates them, tests them, rotates their passwords, re-validates their OAuth sign-ins, shows
when they were created and last modified, and refuses to delete one that a sync policy has used.

Without an ` + "`endpoint`" + ` the control plane runs inside the provider, with its data in a directory (*embedded*): no
account and no server is needed but the target systems themselves. With one, the provider uses a shared control plane.

The HTTP contract between provider and control plane is this project's own. The project is not affiliated with Riva.
`

// Schema tells how the provider is configured. Every attribute has an environment variable; the configuration wins.
func (p *rivaProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{
		MarkdownDescription: description,
		Attributes: map[string]schema.Attribute{
			"endpoint": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Address of a shared control plane, such as `https://riva.example.com`; `https` only, but for " +
					"this machine. Without it the control plane runs inside the provider. Environment: `RIVA_ENDPOINT`.",
			},
			"client_id": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Client of the shared control plane, together with `client_secret` (OAuth 2.0 client " +
					"credentials). Environment: `RIVA_CLIENT_ID`.",
			},
			"client_secret": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Secret of the client. Environment: `RIVA_CLIENT_SECRET`.",
			},
			"token": schema.StringAttribute{
				Optional: true, Sensitive: true,
				MarkdownDescription: "Access token of the shared control plane, instead of `client_id` and `client_secret`. " +
					"Environment: `RIVA_TOKEN`.",
			},
			"ca_certificate": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Certificate authorities (PEM) to trust for the shared control plane, besides the machine's own. " +
					"Environment: `RIVA_CA_CERTIFICATE`.",
			},
			"data_dir": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "Directory of the embedded control plane; made if it is not there, readable by its owner only. " +
					"Default: `.riva` in the working directory. Environment: `RIVA_DATA_DIR`.",
			},
			"keyset": schema.StringAttribute{
				Optional: true,
				MarkdownDescription: "File with the keys that seal the credentials of the embedded control plane; made if it is not " +
					"there. Never keep it beside the data. Default: one file per data directory in your user's configuration " +
					"directory. Environment: `RIVA_KEYSET`.",
			},
			"request_timeout": schema.StringAttribute{
				Optional: true, CustomType: duration.Type{},
				MarkdownDescription: "Time allowed for one call to the control plane, such as `\"90s\"`; a connection test takes 60 " +
					"seconds at most. Default: `\"2m\"`. Environment: `RIVA_REQUEST_TIMEOUT`.",
			},
			"max_retries": schema.Int64Attribute{
				Optional: true, Validators: []validator.Int64{int64validator.Between(0, maxRetriesLimit)},
				MarkdownDescription: "How often a call to the control plane that may be repeated is repeated. Default: `4`. " +
					"Environment: `RIVA_MAX_RETRIES`.",
			},
		},
	}
}
