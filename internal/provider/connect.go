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
	"golang.org/x/oauth2"

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
	// Keyset is a file. Empty is the default file of the data directory.
	Keyset  string
	Version string
	Systems []*target.System
	// Logger writes to Terraform's log.
	Logger *slog.Logger
}

// Embedded is a control plane in this process. It has the interface of the network that it replaces.
type Embedded interface {
	http.RoundTripper
	// Created reports whether its data directory is new.
	Created() bool
	// Warnings are sentences about unsafe places of its files.
	Warnings() []string
	// EndCycles ends the full sync cycles of a policy that run in this process, and returns when that is saved.
	EndCycles(ctx context.Context, policyID string) error
}

const (
	embeddedURL = "http://embedded.invalid"
	// logSubsystem has the log level of TF_LOG_PROVIDER_RIVA_API.
	logSubsystem = "riva_api"
)

// connect creates the access to the control plane of the settings. It makes no call.
func (p *rivaProvider) connect(ctx context.Context, s settings, diags *diag.Diagnostics) *controlplane.Access {
	access := &controlplane.Access{Systems: p.systems, Version: p.version, Embedded: !s.endpoint.isSet()}
	options := api.Options{
		UserAgent:      "terraform-provider-riva/" + p.version,
		RequestTimeout: s.requestTimeout, MaxRetries: s.maxRetries, Log: logCall,
	}
	if access.Embedded {
		p.openEmbedded(ctx, s, access, &options, diags)
	} else {
		access.Location = sharedTransport(s, &options, diags)
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

// openEmbedded opens the embedded control plane and sets its location and how its cycles are ended.
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
	plane, err := p.open(ctx, EmbeddedOptions{
		DataDir: dir, Keyset: s.keyset.text, Version: p.version, Systems: p.systems, Logger: newControlPlaneLogger(ctx),
	})
	if err != nil {
		diags.AddError(tfdiag.TitleUnreachable, fmt.Sprintf("Could not open the embedded control plane in %s: %s.", dir, err))
		return
	}
	if plane.Created() && (os.Getenv("CI") != "" || os.Getenv("TF_IN_AUTOMATION") != "") {
		diags.AddAttributeWarning(path.Root("data_dir"), tfdiag.TitleNewDataDirectory, fmt.Sprintf(
			"The embedded control plane created a new data directory, %s, and this looks like an automated run (CI or "+
				"TF_IN_AUTOMATION is set). If the directory is lost after the run, the next run does not find the connections of "+
				"the state. Store the directory and the keyset persistently, or use a shared control plane: set endpoint "+
				"(RIVA_ENDPOINT).", dir))
	}
	for _, warning := range plane.Warnings() {
		diags.AddWarning(tfdiag.TitleUnsafePlace, warning)
	}
	options.BaseURL, options.Transport = embeddedURL, plane
	access.Location, access.EndCycles = "embedded, data directory "+dir, plane.EndCycles
}

// sharedTransport prepares calls to a shared control plane and returns its address.
func sharedTransport(s settings, options *api.Options, diags *diag.Diagnostics) string {
	transport, err := api.NewTransport(s.caCertificate.text)
	if err != nil {
		diags.AddAttributeError(path.Root("ca_certificate"), tfdiag.TitleConfiguration,
			fmt.Sprintf("%s: %s.", s.caCertificate.source(), err))
		return ""
	}
	options.BaseURL, options.Transport = s.endpoint.text, transport
	if s.token.isSet() {
		options.TokenSource = oauth2.StaticTokenSource(&oauth2.Token{AccessToken: s.token.text})
	} else {
		options.TokenSource = api.ClientCredentials(s.endpoint.text, s.clientID.text, s.clientSecret.text, transport)
	}
	return s.endpoint.text
}

// logCall writes one attempt of a call to the provider's log. The client passes method, path, status, duration and request id
// only. Names, settings and secrets are in bodies and queries, which are not logged.
func logCall(ctx context.Context, message string, fields map[string]any) {
	ctx = tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv("TF_LOG_PROVIDER_RIVA_API"))
	tflog.SubsystemDebug(ctx, logSubsystem, message, fields)
}
