package provider

import (
	"context"
	"maps"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/provider/schema"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
)

const description = `
Manages the connections that Riva Cloud Corporate needs, one to the CRM and one to the email system: declare them, and
` + "`terraform apply`" + ` creates them, tests them, rotates their passwords, re-validates their OAuth sign-ins and shows
when they were created and last modified. It does not delete a connection that a sync policy has used.

Without an ` + "`endpoint`" + ` the control plane runs inside the provider, with its data in a directory (*embedded*). It
needs no account and no server except the target systems themselves. With a ` + "`database_url`" + ` its data is in a PostgreSQL
database, for pipelines and several machines. With an endpoint, the provider uses a shared control plane.

The HTTP contract between provider and control plane is this project's own. The project is not affiliated with Riva.
`

// Schema declares the configuration. Every attribute has an environment variable; the configuration takes precedence.
func (p *rivaProvider) Schema(_ context.Context, _ provider.SchemaRequest, resp *provider.SchemaResponse) {
	resp.Schema = schema.Schema{MarkdownDescription: description, Attributes: embeddedAttributes()}
	maps.Copy(resp.Schema.Attributes, map[string]schema.Attribute{
		"endpoint": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Address of a shared control plane (`terraform-provider-riva serve`), such as " +
				"`https://riva.example.com`. It must be `https`, except on this machine. Without it the control plane runs inside the " +
				"provider. Environment: `RIVA_ENDPOINT`.",
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
			MarkdownDescription: "File with an access token of the shared control plane, instead of `token`. It is read again when " +
				"it changes. With `client_id`, the file has the identity of a pipeline or a workload instead: a token of an issuer " +
				"that the client trusts, whose only audience is the `endpoint`. Environment: `RIVA_TOKEN_FILE`.",
		},
		"instance_id": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Instance id of the only control plane that may be used. With any other one, or without one, " +
				"nothing is read or changed. `GET /v1/instance` returns it, and the error about a wrong one names it. " +
				"Environment: `RIVA_INSTANCE_ID`.",
		},
		"ca_certificate": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Certificate authorities (PEM) to trust for the shared control plane or the server of the database, " +
				"besides the machine's own. Environment: `RIVA_CA_CERTIFICATE`.",
		},
		"request_timeout": schema.StringAttribute{
			Optional: true, CustomType: duration.Type{},
			MarkdownDescription: "Timeout of one call to the control plane, such as `\"90s\"`. A connection test takes at most 60 " +
				"seconds. Default: `\"2m\"`. Environment: `RIVA_REQUEST_TIMEOUT`.",
		},
		"max_retries": schema.Int64Attribute{
			Optional: true,
			MarkdownDescription: "Maximum number of retries of a call to the control plane, if it is safe to retry. Default: `4`. " +
				"Environment: `RIVA_MAX_RETRIES`.",
		},
	})
}

// embeddedAttributes are the attributes of the control plane that runs inside the provider.
func embeddedAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"data_dir": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Directory of the embedded control plane. The first create makes it, readable by its owner only; a " +
				"plan or a read never does. Default: `.riva` in the working directory; in automation (`CI` or `TF_IN_AUTOMATION` is " +
				"set) the default is never created. A leading `~` is the home directory. Environment: `RIVA_DATA_DIR`.",
		},
		"database_url": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Address of a PostgreSQL database for the embedded control plane, instead of a data directory, such " +
				"as `postgres://riva:PASSWORD@db.example.com/riva`. Use an ephemeral variable, so that the password is in no saved plan. " +
				"The subcommand `migrate` creates the tables; the provider never does. `keyset` or `keyset_json` is required. A server on " +
				"another machine must have a certificate that is valid for its name (`sslmode=verify-full`, the default). " +
				"Environment: `RIVA_DATABASE_URL`.",
		},
		"keyset": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "File with the keys that seal the credentials of the embedded control plane. With a data directory, " +
				"it is created if it does not exist; for a database, `terraform-provider-riva keys create FILE` makes it. Never store it " +
				"beside the data. Default: one file per data directory in your user's configuration directory. " +
				"Environment: `RIVA_KEYSET`.",
		},
		"keyset_json": schema.StringAttribute{
			Optional: true, Sensitive: true,
			MarkdownDescription: "Content of a keyset file, such as from a secret store, instead of `keyset`. It is never written to " +
				"a file. Environment: `RIVA_KEYSET_JSON`.",
		},
	}
}
