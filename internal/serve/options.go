package serve

import (
	"log/slog"
	"net/netip"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/storage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Options configure a server. The names of options in errors are those of the flags.
type Options struct {
	// Storage says where everything is stored. A keyset is never created.
	Storage storage.Options
	// DatabaseURLFile is a file with Storage.DatabaseURL, which has a password.
	DatabaseURLFile string
	// Listen is the address of the control plane, such as 127.0.0.1:8080 or :8443.
	Listen string
	// MetricsListen is the address of the metrics, which are served over plain http; empty for none.
	MetricsListen string
	// TLSCertificate and TLSKey are files in PEM. The certificate can be followed by those of intermediate authorities.
	TLSCertificate, TLSKey string
	// ReloadInterval is how often the two files are read again; zero means 10 seconds.
	ReloadInterval time.Duration
	// InsecureHTTP allows plain http on addresses that other machines reach.
	InsecureHTTP bool
	// TrustedProxies are the addresses of proxies whose X-Forwarded-For and X-Forwarded-Proto count.
	TrustedProxies []netip.Prefix
	// PublicURL is the address under which browsers and clients reach the control plane, such as https://riva.example.com. Empty
	// means the address of the listener, which must be a loopback address then.
	PublicURL string
	// IssuerCA is a file with certificate authorities (PEM) to trust for the outside issuers of tokens, in addition to those of the
	// operating system.
	IssuerCA string
	// SignInPeriod is how long the link for a person is valid; zero means the default of the contract.
	SignInPeriod time.Duration
	// Targets say which addresses connections may reach. With a loopback address in Allow, they may use http on this machine, for
	// stand-ins.
	Targets target.AddressOptions
	// HeaderTimeout is how long a client may take to send the headers of a request; zero means 10 seconds. The whole request may
	// take three times as long.
	HeaderTimeout time.Duration
	// StopDelay is how long requests are still answered at a stop while /readyz says that the server is stopping, so that load
	// balancers notice.
	StopDelay time.Duration
	// StopTimeout is how long a stop may take, with the delay; zero means 30 seconds.
	StopTimeout time.Duration
	// Version is the version of this program.
	Version string
	// Now is the clock; nil means the clock of the machine.
	Now func() time.Time
	// Logger receives the log; nil discards it. Secrets are never logged.
	Logger *slog.Logger
}

const (
	// DefaultListen is where the control plane listens unless something else is configured.
	DefaultListen = "127.0.0.1:8080"
	// DefaultConnections is the number of connections to a PostgreSQL database. A sixth of them is for leases and running cycles.
	DefaultConnections = 24

	minConnections, maxConnections   = 2, 500
	minSignInPeriod, maxSignInPeriod = time.Minute, 7 * 24 * time.Hour
	// maxStopDelay leaves time for running requests and cycles.
	maxStopDelay = 15 * time.Second

	defaultHeaderTimeout  = 10 * time.Second
	defaultReloadInterval = 10 * time.Second
	defaultStopTimeout    = 30 * time.Second
)

// Flag names an option in messages, by its flag and its environment variable.
func Flag(name string) string { return "--" + name + " (" + Variable(name) + ")" }

// Variable is the environment variable of a flag.
func Variable(flag string) string {
	return "RIVA_" + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}
