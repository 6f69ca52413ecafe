// Package access decides who may call a shared control plane: its clients with their secrets, keys and trusted issuers, the token
// endpoint, and the access tokens of requests.
//
// A client authenticates at POST /oauth/token (RFC 6749, section 4.4) in one of three ways, and gets an access token (RFC 9068)
// that is valid for 15 minutes:
//
//   - with a secret, of which only a keyed digest is stored;
//   - with an assertion that it signed with its own key (private_key_jwt, RFC 7523), which is accepted once;
//   - with a token of an outside issuer, such as that of a pipeline, which matches a rule of the client (RFC 7523).
//
// The keys that sign access tokens are in the database, so that all processes that share it accept the tokens of each other. All
// times of tokens and secrets are those of the database's clock. Verified tokens are cached for a minute at most: after that, a
// client that was disabled is rejected.
package access

import (
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Rate is the limit of a token bucket.
type Rate struct {
	// PerSecond is how many requests are allowed per second, and Burst how many at once.
	PerSecond float64
	Burst     int
}

// The limits unless others are configured.
var (
	// DefaultRequestRate is for the requests of one client.
	DefaultRequestRate = Rate{PerSecond: 500, Burst: 1000}
	// DefaultTokenRate is for the requests for tokens of one client, and of one address.
	DefaultTokenRate = Rate{PerSecond: 20, Burst: 100}
	// visitRate is for the requests of one address for the pages for a person, which require no token and read the database.
	visitRate = Rate{PerSecond: 10, Burst: 200}
)

// Options configure a service.
type Options struct {
	// Store stores clients and keys.
	Store model.Store
	// Issuer is the address of the control plane, such as https://riva.example.com: it is the issuer and the audience of its
	// tokens, and what pipelines request their own tokens for. Without it, clients can be managed only.
	Issuer string
	// Network limits the addresses of the keys of outside issuers, and IssuerCA (PEM) has certificate authorities to trust for
	// them in addition to those of the operating system.
	Network  target.Network
	IssuerCA string
	// RequestRate limits the requests of one client, and TokenRate the requests for tokens of one client and of one address.
	// Zero means the defaults.
	RequestRate, TokenRate Rate
	// Observe is called after a request for a token, for metrics: with the method, secret or assertion, and the result, issued or
	// the code of an error. Nil discards it.
	Observe func(method, result string)
	// Now is the clock of the machine; nil means the system clock.
	Now func() time.Time
	// Logger receives rejected sign-ins; nil discards them. It never receives secrets and tokens.
	Logger *slog.Logger
}

// Service decides who may call. It is safe for concurrent use.
type Service struct {
	store    model.Store
	issuer   string
	now      func() time.Time
	observe  func(method, result string)
	log      *slog.Logger
	keys     keyring
	issuers  issuers
	verified generations[verifiedToken]

	requests, tokensOfClient, tokensOfAddress, refusals, visits buckets
	used                                                        usedClients
}

// New returns a service. It does not read the store, and calls no issuer. The error says what is wrong with the certificates of
// IssuerCA.
func New(o Options) (*Service, error) {
	s := Manage(o)
	client, err := call.NewClient(o.Network, o.IssuerCA)
	if err != nil {
		return nil, fmt.Errorf("certificate authorities for issuers: %w", err)
	}
	s.issuers.client = client
	return s, nil
}

// Manage returns a service that manages clients only, for a control plane whose clients do not authenticate.
func Manage(o Options) *Service {
	s := &Service{store: o.Store, issuer: strings.TrimRight(o.Issuer, "/"), now: o.Now, log: o.Logger, observe: o.Observe}
	if s.observe == nil {
		s.observe = func(string, string) {}
	}
	if s.now == nil {
		s.now = time.Now
	}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	s.keys.service = s
	s.issuers.service, s.issuers.network, s.issuers.all = s, o.Network, map[string]*outsideIssuer{}
	s.requests.rate = orDefault(o.RequestRate, DefaultRequestRate)
	s.tokensOfClient.rate = orDefault(o.TokenRate, DefaultTokenRate)
	s.tokensOfAddress.rate = s.tokensOfClient.rate
	s.visits.rate = visitRate
	s.refusals.rate = Rate{PerSecond: 1.0 / 60, Burst: 10}
	return s
}

func orDefault(configured, byDefault Rate) Rate {
	if configured == (Rate{}) {
		return byDefault
	}
	return configured
}

// The addresses of the service.
const (
	// TokenPath is the token endpoint.
	TokenPath = "/oauth/token"
	// KeysPath has the public keys of access tokens as a JSON Web Key Set.
	KeysPath = "/oauth/keys"
	// MetadataPath has the metadata of the authorization server (RFC 8414).
	MetadataPath = "/.well-known/oauth-authorization-server"
)

// Handler handles the token endpoint, the keys and the metadata. It must run behind the middleware of package server.
func (s *Service) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc(TokenPath, s.serveToken)
	mux.HandleFunc("GET "+KeysPath, s.serveKeys)
	mux.HandleFunc("GET "+MetadataPath, s.serveMetadata)
	return mux
}

// Handles reports whether [Service.Handler] handles the path.
func Handles(path string) bool { return path == TokenPath || path == KeysPath || path == MetadataPath }
