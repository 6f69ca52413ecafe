package cli

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/garbage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// newServeCommand creates the subcommand serve.
func newServeCommand(version string) *cobra.Command {
	f := serveFlags{options: serve.Options{Version: version}}
	command := &cobra.Command{
		Use:   "serve",
		Short: "Run a shared control plane for a team and its pipelines",
		Long: `Runs a control plane that many clients share: the provider with "endpoint", pipelines, and people who sign in with a
browser.
Everything is stored in a PostgreSQL database, which any number of replicas can use at the same time, or in a data directory,
which is for one machine. The keyset seals the credentials: make one with "keys create FILE", and give it to every replica.

Each option can be set by a flag or by the environment variable beside it. The flag comes first. Three settings that contain
secrets or long texts have only a variable:

  RIVA_DATABASE_URL     address of the PostgreSQL database, such as postgres://riva:password@db.example.com/riva
  RIVA_KEYSET_JSON      content of the keyset, instead of a file
  RIVA_CA_CERTIFICATE   certificate authorities (PEM) to trust for the server of the database

/healthz answers that the process works, and /readyz whether it can answer requests; both need no credentials. SIGTERM and SIGINT
stop the command within 30 seconds: running requests finish, and full sync cycles are saved. A second signal ends it at once.

A configuration that cannot be used ends the command with exit status 2, and one line for each thing that is wrong.`,
		Example: `  # One machine, for a first try
  terraform-provider-riva keys create ~/riva-keyset.json
  terraform-provider-riva serve --data-dir ~/riva --keyset ~/riva-keyset.json

  # A replica over PostgreSQL, with TLS and metrics
  export RIVA_DATABASE_URL='postgres://riva:password@db.example.com/riva?sslmode=verify-full'
  export RIVA_KEYSET=/run/secrets/riva-keyset.json
  terraform-provider-riva serve --migrate --listen :8443 --tls-certificate tls.crt --tls-key tls.key \
    --public-url https://riva.example.com --metrics-listen :9640`,
		Args:          func(command *cobra.Command, args []string) error { return startErrorOf(cobra.NoArgs(command, args)) },
		SilenceUsage:  true,
		SilenceErrors: true, // Report prints the error
		RunE: func(command *cobra.Command, _ []string) error {
			options, err := f.read(command.ErrOrStderr())
			if err := errors.Join(err, options.Check()); err != nil {
				return startErrorOf(err)
			}
			garbage.Tune()
			ctx, stop := interruptible(command.Context())
			defer stop()
			server, err := serve.Start(ctx, options)
			if refused, ok := errors.AsType[*api.DatabaseError](err); ok && refused.Passes || ctx.Err() != nil {
				return err // another start can succeed
			}
			if err != nil {
				return startErrorOf(err)
			}
			return server.Run(ctx)
		},
	}
	f.add(command)
	command.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return startErrorOf(fmt.Errorf("%w: see terraform-provider-riva serve --help", err))
	})
	return command
}

// read completes the options with the environment and the parsed texts.
func (f *serveFlags) read(stderr io.Writer) (serve.Options, error) {
	var errs [9]error
	errs[0] = f.readVariables()
	o := f.options
	o.Storage = storage.Options{
		DatabaseURL: os.Getenv("RIVA_DATABASE_URL"), CACertificate: os.Getenv("RIVA_CA_CERTIFICATE"),
		KeysetJSON: os.Getenv("RIVA_KEYSET_JSON"), Connections: f.connections, Migrate: f.migrate, Systems: catalog.All(),
	}
	o.Storage.DataDir, errs[7] = api.InHome(f.dataDir)
	o.Storage.Keyset, errs[1] = api.InHome(f.keyset)
	o.TLSCertificate, errs[2] = api.InHome(o.TLSCertificate)
	o.TLSKey, errs[3] = api.InHome(o.TLSKey)
	o.DatabaseURLFile, errs[4] = api.InHome(o.DatabaseURLFile)
	o.IssuerCA, errs[8] = api.InHome(o.IssuerCA)
	o.TrustedProxies, errs[5] = serve.ParseProxies(f.proxies)
	o.Logger, errs[6] = newLogger(stderr, f.logFormat, f.logLevel)
	return o, errors.Join(errs[:]...)
}

// newLogger makes the log of the command.
func newLogger(to io.Writer, format, level string) (*slog.Logger, error) {
	var options slog.HandlerOptions
	var parsed slog.Level
	if err := parsed.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("%s must be debug, info, warn or error, not %q", serve.Flag("log-level"), level)
	}
	options.Level = parsed
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(to, &options)), nil
	case "text":
		return slog.New(slog.NewTextHandler(to, &options)), nil
	}
	return nil, fmt.Errorf("%s must be text or json, not %q", serve.Flag("log-format"), format)
}
