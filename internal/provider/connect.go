package provider

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-log/tflog"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// OpenEmbedded starts the control plane in this process. It is called at most once per configured provider, and the control
// plane stays open as long as the process runs. The context bounds opening only.
type OpenEmbedded func(ctx context.Context, o EmbeddedOptions) (Embedded, error)

// EmbeddedOptions configure the embedded control plane.
type EmbeddedOptions struct {
	DataDir string
	// DatabaseURL is the address of a PostgreSQL database, instead of a data directory. It has a password.
	DatabaseURL string
	// CACertificate has certificate authorities (PEM) to trust for the server of the database.
	CACertificate string
	// Keyset is a file. Empty is the default file of the data directory.
	Keyset string
	// KeysetJSON is the content of a keyset, instead of a file.
	KeysetJSON string
	Version    string
	Systems    []*target.System
	// Logger writes to Terraform's log.
	Logger *slog.Logger
}

// Embedded is a control plane in this process. It has the interface of the network that it replaces. Until it exists, the error
// of every call is an *[api.NoControlPlaneError].
type Embedded interface {
	http.RoundTripper
	// Database names the PostgreSQL database by host, port and name; empty for a data directory.
	Database() string
	// Exists reports whether there is a control plane.
	Exists() bool
	// Make creates the control plane if it does not exist. To one caller, it returns the path of the keyset of a new one; empty
	// if the keyset is configured as text.
	Make(ctx context.Context) (keyset string, made bool, err error)
	// Warnings are sentences about unsafe places of its files.
	Warnings() []string
	// EndCycles ends the full sync cycles of a policy that run in this process, and returns when that is saved.
	EndCycles(ctx context.Context, policyID string) error
}

// logSubsystem has the log level of TF_LOG_PROVIDER_RIVA_API.
const logSubsystem = "riva_api"

// connect creates the access to the control plane of the settings. It makes no call.
func (p *rivaProvider) connect(ctx context.Context, s settings, diags *diag.Diagnostics) *controlplane.Access {
	access := &controlplane.Access{Systems: p.systems, Version: p.version, Embedded: !s.endpoint.isSet()}
	options := api.Options{
		UserAgent: "terraform-provider-riva/" + p.version, InstanceID: s.instanceID.text,
		RequestTimeout: s.requestTimeout, MaxRetries: s.maxRetries, Log: logCall, ComparisonKeys: true,
	}
	switch {
	case !access.Embedded:
		access.Location = sharedTransport(s, &options, diags)
	case s.databaseURL.isSet():
		p.openDatabase(ctx, s, access, &options, diags)
	default:
		p.openEmbedded(ctx, s, access, &options, diags)
	}
	if diags.HasError() {
		return nil
	}
	client, err := api.NewClient(options)
	if err != nil {
		diags.AddError(tfdiag.TitleConfiguration, fmt.Sprintf("Cannot use the control plane: %s.", err))
		return nil
	}
	access.Client = client
	return access
}

// openEmbedded opens the embedded control plane, if it exists, and sets its location and how it is created.
func (p *rivaProvider) openEmbedded(
	ctx context.Context, s settings, access *controlplane.Access, options *api.Options, diags *diag.Diagnostics,
) {
	dir := s.dataDir.text
	if dir == "" {
		dir = api.DefaultDataDir
	}
	if absolute, err := filepath.Abs(dir); err == nil {
		dir = absolute
	}
	plane, err := p.open(ctx, p.embeddedOptions(ctx, s, EmbeddedOptions{DataDir: dir}))
	if err != nil {
		diags.AddError(tfdiag.TitleOpenEmbedded, fmt.Sprintf("Could not open the embedded control plane in %s: %s.", dir, err))
		return
	}
	if s.instanceID.isSet() && !plane.Exists() {
		diags.AddAttributeError(path.Root("instance_id"), tfdiag.TitleNoControlPlane, fmt.Sprintf(
			"%s is %q, but the data directory %s has no control plane. Restore the data directory and its keyset, set data_dir "+
				"(RIVA_DATA_DIR) to the right one, or remove instance_id to start with a new control plane.",
			s.instanceID.source(), s.instanceID.text, dir))
		return
	}
	useEmbedded(plane, s, access, options, diags)
	access.Location = "embedded, data directory " + dir
	access.NotMade = &controlplane.NotMade{
		Plane: plane, DataDir: dir, Temporary: !s.dataDir.isSet() && inAutomation(),
	}
}

// embeddedOptions completes the options that say where the data is.
func (p *rivaProvider) embeddedOptions(ctx context.Context, s settings, o EmbeddedOptions) EmbeddedOptions {
	o.Keyset, o.KeysetJSON = s.keyset.text, s.keysetJSON.text
	o.Version, o.Systems, o.Logger = p.version, p.systems, newControlPlaneLogger(ctx)
	return o
}

// openDatabase prepares the embedded control plane in a database. It makes no call: the first request opens the database.
func (p *rivaProvider) openDatabase(
	ctx context.Context, s settings, access *controlplane.Access, options *api.Options, diags *diag.Diagnostics,
) {
	plane, err := p.open(ctx, p.embeddedOptions(ctx, s, EmbeddedOptions{
		DatabaseURL: s.databaseURL.text, CACertificate: s.caCertificate.text,
	}))
	if err != nil {
		failf(diags, s.databaseURL, "%s cannot be used: %s.", s.databaseURL.source(), err)
		return
	}
	useEmbedded(plane, s, access, options, diags)
	access.Location, access.Database = "embedded, database "+plane.Database(), plane.Database()
}

// useEmbedded directs the calls to an embedded control plane, and shows its warnings.
func useEmbedded(
	plane Embedded, s settings, access *controlplane.Access, options *api.Options, diags *diag.Diagnostics,
) {
	for _, warning := range plane.Warnings() {
		diags.AddWarning(tfdiag.TitleUnsafePlace, warning)
	}
	options.BaseURL, options.Transport = api.EmbeddedURL, plane
	access.EndCycles, access.Keyset = plane.EndCycles, keysetPath(s.keyset.text)
}

// keysetPath is the path of a configured keyset from any directory.
func keysetPath(configured string) string {
	if absolute, err := filepath.Abs(configured); err == nil && configured != "" {
		return absolute
	}
	return configured
}

// inAutomation reports whether this looks like a run of a pipeline, whose working directory is lost when it ends.
func inAutomation() bool { return os.Getenv("CI") != "" || os.Getenv("TF_IN_AUTOMATION") != "" }

// sharedTransport prepares calls to a shared control plane and returns its address.
func sharedTransport(s settings, options *api.Options, diags *diag.Diagnostics) string {
	transport, err := api.NewTransport(s.caCertificate.text)
	if err != nil {
		diags.AddAttributeError(path.Root("ca_certificate"), tfdiag.TitleConfiguration,
			fmt.Sprintf("%s: %s.", s.caCertificate.source(), err))
		return ""
	}
	options.BaseURL, options.Transport = s.endpoint.text, transport
	options.TokenSource = api.Credentials{
		Token: s.token.text, TokenFile: s.tokenFile.text, ClientID: s.clientID.text, ClientSecret: s.clientSecret.text,
		Identity: api.FindIdentity(os.Getenv),
	}.TokenSource(s.endpoint.text, transport)
	if s.tokenFile.isSet() {
		if _, err := api.TokenFile(s.tokenFile.text).Token(); err != nil {
			failf(diags, s.tokenFile, "%s cannot be used: %s.", s.tokenFile.source(), err)
		}
	}
	return s.endpoint.text
}

// logCall writes one attempt of a call to the provider's log. The client passes method, path, status, duration and request id
// only. Names, settings and secrets are in bodies and queries, which are not logged.
func logCall(ctx context.Context, message string, fields map[string]any) {
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_RIVA_API"))
	tflog.SubsystemDebug(ctx, logSubsystem, message, fields)
}
