// Package standins is the list of all stand-in target systems, for the code that starts any of them: the command
// sandbox, and the tests that every stand-in must pass. It stands in for no system itself and speaks no protocol.
package standins

import (
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/dynamics365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/google"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/netsuite"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oraclecrmondemand"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sapc4c"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
)

// Entry describes a stand-in that can be started.
type Entry struct {
	// Name is the name of the target system, such as sap_c4c.
	Name string
	// Sites names the further addresses of the stand-in, which [sandbox.Options] can choose.
	Sites []string
	// Start starts the stand-in with its default seed. Close stops it.
	Start func(sandbox.Options) (Server, error)
}

// Server is a running stand-in of any system. Its methods are safe for concurrent use.
type Server interface {
	sandbox.Controlled

	// URL is the first address, in the form that a client uses.
	URL() string
	// URLOf returns the address of a further site.
	URLOf(site string) string
	// CA is the PEM of the certificate authority to trust; empty without TLS.
	CA() string
	// Requests lists the requests that reached the stand-in, in the order of their arrival.
	Requests() []sandbox.Request
	// SignIns counts the sign-in attempts that reached the stand-in.
	SignIns() sandbox.SignIns
	// Issued lists the tokens and sessions that responses contained, the newest first.
	Issued() []string
	// Forget deletes the records of requests, sign-ins and issued tokens.
	Forget()
	// Close stops the stand-in and waits until all its goroutines have ended. It cannot be started again.
	Close() error
}

// SecretChanger is a stand-in in which an administrator can change the secret that the variables sign in with: the old
// secret is rejected from then on. ChangeSecret returns the variables whose values changed, and no others; Variables
// returns the new values as well. Every system whose connections cannot be re-validated needs this method: the test
// that all systems share applies the new values and expects them to be accepted.
type SecretChanger interface {
	ChangeSecret() ([]sandbox.Variable, error)
}

// All lists the stand-ins in the order of their names.
func All() []Entry {
	return []Entry{
		{"dynamics365", []string{entra.Site}, func(o sandbox.Options) (Server, error) {
			return orNil(dynamics365.Start(dynamics365.Options{Options: o}))
		}},
		{"exchange", nil, func(o sandbox.Options) (Server, error) { return orNil(exchange.Start(exchange.Options{Options: o})) }},
		{"google", []string{google.TokenSite}, func(o sandbox.Options) (Server, error) {
			return orNil(google.Start(google.Options{Options: o}))
		}},
		{"hcl_notes", nil, func(o sandbox.Options) (Server, error) { return orNil(hclnotes.Start(hclnotes.Options{Options: o})) }},
		{"netsuite", nil, func(o sandbox.Options) (Server, error) { return orNil(netsuite.Start(netsuite.Options{Options: o})) }},
		{"office365", []string{entra.Site}, func(o sandbox.Options) (Server, error) {
			return orNil(office365.Start(office365.Options{Options: o}))
		}},
		{"oracle_crm_on_demand", nil, func(o sandbox.Options) (Server, error) {
			return orNil(oraclecrmondemand.Start(oraclecrmondemand.Options{Options: o}))
		}},
		{"salesforce", []string{salesforce.MyDomain}, func(o sandbox.Options) (Server, error) {
			return orNil(salesforce.Start(salesforce.Options{Options: o}))
		}},
		{"sap_c4c", nil, func(o sandbox.Options) (Server, error) { return orNil(sapc4c.Start(sapc4c.Options{Options: o})) }},
		{"sugarcrm", nil, func(o sandbox.Options) (Server, error) { return orNil(sugarcrm.Start(sugarcrm.Options{Options: o})) }},
		{"suitecrm", nil, func(o sandbox.Options) (Server, error) { return orNil(suitecrm.Start(suitecrm.Options{Options: o})) }},
	}
}

// Users lists the addresses of the users that every stand-in has, for examples and tests.
func Users() []string { return []string{"ada@example.com", "grace@example.com", "alan@example.com"} }

// Lookup returns the stand-in for a target system, by the name of the system.
func Lookup(name string) (Entry, bool) {
	all := All()
	i := slices.IndexFunc(all, func(s Entry) bool { return s.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return all[i], true
}

// orNil returns an untyped nil with an error: a nil pointer in an interface is not nil.
func orNil[S Server](server S, err error) (Server, error) {
	if err != nil {
		return nil, err
	}
	return server, nil
}
