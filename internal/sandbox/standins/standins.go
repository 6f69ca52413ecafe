// Package standins is the list of all stand-in target systems, for those who start any of them: the command sandbox
// and the tests that every system must pass.
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

// Entry is a stand-in that can be started.
type Entry struct {
	// Name is the target system's.
	Name string
	// Sites names its further addresses, which [sandbox.Options] may choose.
	Sites []string
	// Start brings it up with its usual seed. Close ends it.
	Start func(sandbox.Options) (Server, error)
}

// Server is a running stand-in of any system. Its methods are safe for concurrent use.
type Server interface {
	sandbox.Controlled

	// URL is the first address, as a client is given it.
	URL() string
	// URLOf is the address of one of its further sites.
	URLOf(site string) string
	// CA is the PEM of the authority to trust; empty without TLS.
	CA() string
	// Requests lists what reached it, in order of arrival.
	Requests() []sandbox.Request
	// SignIns counts the sign-in attempts that reached it.
	SignIns() sandbox.SignIns
	// Close ends it for good and waits until nothing of it runs any more.
	Close() error
}

// SecretChanger is a stand-in at which an administrator can change the secret that the variables sign in with: the old
// one is refused from then on. ChangeSecret returns the variables whose values changed, and no others; Variables
// returns the new values as well. Every system whose connections are not re-validated needs it: the test that all
// systems share applies the new values and expects them to be taken.
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

// Users are the addresses of the people whom every stand-in knows, for those who try things out.
func Users() []string { return []string{"ada@example.com", "grace@example.com", "alan@example.com"} }

// Lookup finds a stand-in by its target system's name.
func Lookup(name string) (Entry, bool) {
	all := All()
	i := slices.IndexFunc(all, func(s Entry) bool { return s.Name == name })
	if i < 0 {
		return Entry{}, false
	}
	return all[i], true
}

// orNil keeps a stand-in that did not start from looking like one that did: a nil pointer in an interface is not nil.
func orNil[S Server](server S, err error) (Server, error) {
	if err != nil {
		return nil, err
	}
	return server, nil
}
