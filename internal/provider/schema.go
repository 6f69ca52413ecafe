package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
)

const description = `
Manages the connections that Riva Cloud Corporate needs: one to the CRM and one to the email system. ` + "`terraform apply`" + `
creates and tests them, rotates their passwords, and re-validates their OAuth sign-ins. It shows when they were created and last
modified. It does not delete a connection that a sync policy has used.

Without an ` + "`endpoint`" + `, the control plane runs inside the provider, with its data in a directory (*embedded*). It
needs no account and no server except the target systems themselves. With a ` + "`database_url`" + `, its data is in a PostgreSQL
database, for pipelines and several machines. With an endpoint, the provider uses a shared control plane.

The HTTP contract between provider and control plane is this project's own. The project is not affiliated with Riva.
`

// Schema declares the configuration. Every attribute has an environment variable; the configuration takes precedence.
func (p *rivaProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: description, Attributes: embeddedAttributes()}
	maps.Copy(resp.Schema.Attributes, map[string]schema.Attribute{
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Address of a shared control plane, such as `https://riva.example.com`; without it the " +
				"control plane runs inside the provider. Environment: `RIVA_ENDPOINT`.",
		},
		"client_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Client of the shared control plane, together with `client_secret` (OAuth 2.0 client " +
				"credentials), or with the identity of the run: in `token_file`, in the environment variable `RIVA_ID_TOKEN`, from " +
				"GitHub Actions (permission `id-token: write`), or from HCP Terraform. Environment: `RIVA_CLIENT_ID`.",
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
		"token_file": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "File with an access token of the shared control plane, or, with `client_id`, with the " +
				"identity of a pipeline or workload. Environment: `RIVA_TOKEN_FILE`.",
		},
		"instance_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Instance id of the only control plane that may be used; with another one, nothing is read " +
				"or changed. Environment: `RIVA_INSTANCE_ID`.",
		},
		"ca_certificate": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Certificate authorities (PEM) to trust for the shared control plane or the server of the database, " +
				"besides the machine's own. Environment: `RIVA_CA_CERTIFICATE`.",
		},
		"request_timeout": schema.StringAttribute{
			Optional: true, CustomType: duration.Type{},
			MarkdownDescription: "Timeout of one call to the control plane, such as `\"90s\"` (default `\"2m\"`). " +
				"Environment: `RIVA_REQUEST_TIMEOUT`.",
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "Maximum number of retries of a call to the control plane, if it is safe to retry (default " +
				"`4`). Environment: `RIVA_MAX_RETRIES`.",
		},
	})
}

// embeddedAttributes are the attributes of the control plane that runs inside the provider.
func embeddedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"data_dir": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Directory of the embedded control plane (default `.riva`, which is never created in " +
				"automation). Environment: `RIVA_DATA_DIR`.",
		},
		"database_url": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Address of a PostgreSQL database for the embedded control plane, such as " +
				"`postgres://riva@db.example.com/riva`; it requires `keyset` or `keyset_json`. Environment: " +
				"`RIVA_DATABASE_URL`.",
		},
		"keyset": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "File with the keys that seal the credentials of the embedded control plane (default: a file " +
				"in your configuration directory for each data directory). Environment: `RIVA_KEYSET`.",
		},
		"keyset_json": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Content of a keyset file, such as from a secret store, instead of `keyset`. Environment: " +
				"`RIVA_KEYSET_JSON`.",
		},
	}
}
