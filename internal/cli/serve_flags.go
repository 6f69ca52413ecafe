package cli

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/serve"
)

// serveFlags are the flags of the subcommand serve.
type serveFlags struct {
	options             serve.Options
	dataDir, keyset     string
	connections         int
	migrate             bool
	proxies             []string
	logFormat, logLevel string
	groups              []flagGroup
}

// flagGroup is a part of the help.
type flagGroup struct {
	title string
	flags *pflag.FlagSet
}

func (f *serveFlags) add(command *cobra.Command) {
	o := &f.options
	f.group("Where everything is stored", func(flags *pflag.FlagSet) {
		flags.StringVar(&f.dataDir, "data-dir", "", "`directory` on this machine, instead of a PostgreSQL database")
		flags.StringVar(&o.DatabaseURLFile, "database-url-file", "", "`file` with the address of the database, instead of "+
			"RIVA_DATABASE_URL")
		flags.IntVar(&f.connections, "database-connections", serve.DefaultConnections, "largest `number` of connections to the "+
			"database; a sixth is for leases and running cycles")
		flags.BoolVar(&f.migrate, "migrate", false, "create or upgrade the tables of the database at the start")
		flags.StringVar(&f.keyset, "keyset", "", "`file` of the keyset")
	})
	f.group("Where clients reach it", func(flags *pflag.FlagSet) {
		flags.StringVar(&o.Listen, "listen", serve.DefaultListen, "`address` of the control plane; :8443 is every address of this "+
			"machine")
		flags.StringVar(&o.TLSCertificate, "tls-certificate", "", "`file` with the certificate (PEM), then its authorities; read "+
			"again when it changes")
		flags.StringVar(&o.TLSKey, "tls-key", "", "`file` with the key of the certificate (PEM)")
		flags.BoolVar(&o.InsecureHTTP, "insecure-http", false, "allow plain http on addresses that other machines reach, behind a "+
			"proxy that ends TLS")
		flags.StringSliceVar(&f.proxies, "trusted-proxies", nil, "`networks` of proxies whose X-Forwarded-For and X-Forwarded-Proto "+
			"count, such as 10.0.0.0/8")
		flags.StringVar(&o.PublicURL, "public-url", "", "`address` for browsers and clients, such as https://riva.example.com; "+
			"required unless it listens at a loopback address")
		flags.DurationVar(&o.SignInPeriod, "sign-in-ttl", api.SignInPeriod, "how long the link for a person is valid, a `duration` "+
			"such as 8h")
		flags.StringVar(&o.MetricsListen, "metrics-listen", "", "`address` of the Prometheus metrics at /metrics, over plain http")
	})
	f.group("Who may call", func(flags *pflag.FlagSet) {
		flags.StringVar(&o.IssuerCA, "issuer-ca", "", "`file` with certificate authorities (PEM) to trust for the issuers of "+
			"pipelines' own tokens")
	})
	f.group("What connections may reach", func(flags *pflag.FlagSet) {
		flags.BoolVar(&o.Targets.AllowPrivate, "allow-private-targets", false, "allow target systems at private and loopback "+
			"addresses, over https")
		flags.StringSliceVar(&o.Targets.Allow, "allow-target", nil, "`networks`, addresses and hosts of target systems that may be "+
			"private or loopback, such as 10.1.0.0/16,crm.example.com; a loopback address here allows http on this machine, for tests")
		flags.StringVar(&o.Targets.Proxy, "target-proxy", "", "`address` of the http proxy for all calls to target systems; if it "+
			"has a password, use the variable")
	})
	f.group("Stop", func(flags *pflag.FlagSet) {
		flags.DurationVar(&o.StopDelay, "stop-delay", 0, "how long requests are still answered after SIGTERM while /readyz says "+
			"stopping, a `duration` up to 15s, for load balancers")
	})
	f.group("Log", func(flags *pflag.FlagSet) {
		flags.StringVar(&f.logFormat, "log-format", "text", "`format` of the log on standard error: text or json")
		flags.StringVar(&f.logLevel, "log-level", "info", "lowest `level` to log: debug, info, warn or error")
	})
	for _, group := range f.groups {
		command.Flags().AddFlagSet(group.flags)
	}
	command.SetUsageFunc(func(command *cobra.Command) error {
		out := command.OutOrStderr()
		fmt.Fprintf(out, "Usage:\n  %s\n\nExamples:\n%s\n", command.UseLine(), command.Example)
		for _, group := range f.groups {
			fmt.Fprintf(out, "\n%s:\n%s", group.title, group.flags.FlagUsagesWrapped(120))
		}
		return nil
	})
}

// group adds a group of flags, each with its variable in the help.
func (f *serveFlags) group(title string, add func(*pflag.FlagSet)) {
	flags := pflag.NewFlagSet(title, pflag.ContinueOnError)
	flags.SortFlags = false
	add(flags)
	flags.VisitAll(func(flag *pflag.Flag) { flag.Usage += " [" + serve.Variable(flag.Name) + "]" })
	f.groups = append(f.groups, flagGroup{title, flags})
}

// readVariables sets the flags that were not given from their variables.
func (f *serveFlags) readVariables() error {
	var errs []error
	for _, group := range f.groups {
		group.flags.VisitAll(func(flag *pflag.Flag) {
			value := strings.TrimSpace(os.Getenv(serve.Variable(flag.Name)))
			if flag.Changed || value == "" {
				return
			}
			if err := flag.Value.Set(value); err != nil {
				errs = append(errs, fmt.Errorf("%s: %q is not a valid value: %w", serve.Variable(flag.Name), value, err))
			}
		})
	}
	return errors.Join(errs...)
}
