package cli

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// errSharedCredentials means that the environment selects a shared control plane without credentials for it.
var errSharedCredentials = errors.New("RIVA_ENDPOINT names a shared control plane, which requires credentials: set " +
	"RIVA_TOKEN, RIVA_TOKEN_FILE, or RIVA_CLIENT_ID with RIVA_CLIENT_SECRET. A pipeline with an identity needs RIVA_CLIENT_ID " +
	"only. For an embedded control plane, specify its data directory with --data-dir")

// access selects the control plane of a command: the embedded one of a data directory or a database, or a shared one by the
// environment variables of the provider. The address of a database has a password, so it cannot be a flag: others can read the
// arguments of a process.
type access struct {
	dataDir, keyset string
	version         string
}

// addFlags adds the flags that select the embedded control plane.
func (a *access) addFlags(command *cobra.Command) {
	flags := command.Flags()
	flags.StringVar(&a.dataDir, "data-dir", "", "the provider's data directory (default RIVA_DATABASE_URL, RIVA_DATA_DIR, or .riva)")
	flags.StringVar(&a.keyset, "keyset", "", "keyset file (default RIVA_KEYSET, or the data directory's own)")
}

// checkVariables returns an error if the environment selects several control planes.
func (a *access) checkVariables() error {
	if a.dataDir != "" || os.Getenv("RIVA_DATABASE_URL") == "" {
		return nil
	}
	for _, other := range []string{"RIVA_ENDPOINT", "RIVA_DATA_DIR"} {
		if os.Getenv(other) != "" {
			return fmt.Errorf("RIVA_DATABASE_URL and %s are set, and each selects another control plane: unset one of the two, or "+
				"specify a data directory with --data-dir", other)
		}
	}
	return nil
}

// isShared reports whether the environment selects a shared control plane.
func (a *access) isShared() bool { return a.dataDir == "" && os.Getenv("RIVA_ENDPOINT") != "" }

// use calls a function with a client of the control plane.
func (a *access) use(ctx context.Context, warnings io.Writer, f func(*api.Client) error) error {
	if err := a.checkVariables(); err != nil {
		return err
	}
	if !a.isShared() {
		return a.useEmbedded(ctx, warnings, func(client *api.Client, _ *embedded.ControlPlane) error { return f(client) })
	}
	client, err := a.sharedClient()
	if err != nil {
		return err
	}
	return f(client)
}

// useEmbedded opens the embedded control plane, calls a function and closes the control plane, which ends its cycles.
func (a *access) useEmbedded(
	ctx context.Context, warnings io.Writer, f func(*api.Client, *embedded.ControlPlane) error,
) (err error) {
	options, err := a.embeddedOptions()
	if err != nil {
		return err
	}
	control, err := embedded.Open(ctx, options)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("%w, with --data-dir or RIVA_DATA_DIR", err)
	case err != nil:
		return err
	}
	defer func() { err = errors.Join(err, control.Close()) }()
	clientOptions := api.Options{BaseURL: embedded.BaseURL, Transport: control}
	if options.DatabaseURL != "" {
		clientOptions.MaxRetries = api.DefaultMaxRetries // its server can restart
	}
	client, err := a.newClient(clientOptions)
	if err != nil {
		return err
	}
	printWarnings(warnings, control.Warnings())
	return f(client, control)
}

func printWarnings(to io.Writer, warnings []string) {
	for _, warning := range warnings {
		fmt.Fprintf(to, "Warning: %s\n", warning)
	}
}

// embeddedOptions are the options of the embedded control plane.
func (a *access) embeddedOptions() (embedded.Options, error) {
	o, err := a.storageOptions()
	return embedded.Options{
		// A new data directory would be empty, and it would hide a mistyped path or a wrong working directory.
		RequireExisting: true, DataDir: o.DataDir, DatabaseURL: o.DatabaseURL, CACertificate: o.CACertificate,
		Keyset: o.Keyset, KeysetJSON: o.KeysetJSON, Version: o.Version, Systems: o.Systems,
	}, err
}

// storageOptions say where the data and the keyset of a control plane on this machine are.
func (a *access) storageOptions() (storage.Options, error) {
	o := storage.Options{Version: a.version, Systems: catalog.All()}
	if a.dataDir == "" {
		o.DatabaseURL, o.CACertificate = os.Getenv("RIVA_DATABASE_URL"), os.Getenv("RIVA_CA_CERTIFICATE")
	}
	var err error
	if o.DataDir, err = api.InHome(cmp.Or(a.dataDir, os.Getenv("RIVA_DATA_DIR"), api.DefaultDataDir)); err != nil {
		return o, err
	}
	if o.Keyset, err = api.InHome(cmp.Or(a.keyset, os.Getenv("RIVA_KEYSET"))); err != nil {
		return o, err
	}
	if o.Keyset == "" {
		o.KeysetJSON = os.Getenv("RIVA_KEYSET_JSON")
	}
	return o, nil
}

// sharedClient creates a client of the shared control plane.
func (a *access) sharedClient() (*api.Client, error) {
	transport, err := api.NewTransport(os.Getenv("RIVA_CA_CERTIFICATE"))
	if err != nil {
		return nil, fmt.Errorf("RIVA_CA_CERTIFICATE: %w", err)
	}
	tokenFile, err := api.InHome(os.Getenv("RIVA_TOKEN_FILE"))
	if err != nil {
		return nil, fmt.Errorf("RIVA_TOKEN_FILE: %w", err)
	}
	endpoint := os.Getenv("RIVA_ENDPOINT")
	tokens := api.Credentials{
		Token: os.Getenv("RIVA_TOKEN"), TokenFile: tokenFile,
		ClientID: os.Getenv("RIVA_CLIENT_ID"), ClientSecret: os.Getenv("RIVA_CLIENT_SECRET"),
		Identity: api.FindIdentity(os.Getenv),
	}.TokenSource(endpoint, transport)
	if tokens == nil {
		return nil, errSharedCredentials
	}
	return a.newClient(api.Options{
		BaseURL: endpoint, Transport: transport, TokenSource: tokens, MaxRetries: api.DefaultMaxRetries,
	})
}

func (a *access) newClient(o api.Options) (*api.Client, error) {
	o.UserAgent, o.InstanceID = "terraform-provider-riva/"+a.version, os.Getenv("RIVA_INSTANCE_ID")
	return api.NewClient(o)
}

// interruptible returns a context that ends with a signal to interrupt or to terminate. A second signal stops the process at
// once. The signal of a closed terminal is one of them unless it is ignored, as with nohup.
func interruptible(ctx context.Context) (bounded context.Context, stop context.CancelFunc) {
	signals := []os.Signal{os.Interrupt, syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	ctx, stop = signal.NotifyContext(ctx, signals...)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}
