// Package api is the HTTP contract of the control plane: the wire types, the problems, the scopes, the limits (which package
// server enforces), and the client that the provider and the command line use. The contract is this project's own: Riva does
// not publish an API.
package api

// Instance identifies a control plane.
type Instance struct {
	ID           string   `json:"id" format:"uuid" doc:"Created with the database; never changes."`
	Version      string   `json:"version"`
	Store        string   `json:"store" enum:"sqlite,postgresql"`
	Embedded     bool     `json:"embedded"`
	Capabilities []string `json:"capabilities" doc:"Optional parts of the contract that this control plane supports."`
}

// TargetSystem is one entry of the catalog.
type TargetSystem struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	Kind   string        `json:"kind" enum:"crm,email"`
	Fields []TargetField `json:"fields"`
	Grants []TargetGrant `json:"grants"`
	Tests  []string      `json:"tests"`
	// Revalidates is true if a connection that stopped working needs a new sign-in instead of a new password.
	Revalidates bool `json:"revalidates" doc:"Connections are re-validated, not given a new password."`
	// Authorize is nil if no person can sign in.
	Authorize *TargetAuthorize `json:"authorize,omitempty" doc:"How a person signs in, in a browser."`
}

// CapabilityRevalidations is among the capabilities of control planes that re-validate connections.
const CapabilityRevalidations = "revalidations"

// CapabilityLoopbackHTTP is among the capabilities of control planes whose connections may use http on the machine of the control
// plane.
const CapabilityLoopbackHTTP = "loopback-http"

// TargetField declares a setting or a secret of a target system's connections.
type TargetField struct {
	Name     string `json:"name"`
	Required bool   `json:"required"`
	Secret   bool   `json:"secret"`
	Binds    bool   `json:"binds" doc:"Any change requires the credentials in the same request."`
	// BindsIfWeaker is true for certificate authorities and authentication schemes: a change requires the credentials if others
	// could read them then, or read them more easily.
	BindsIfWeaker bool              `json:"binds_if_weaker" doc:"A change that weakens requires the credentials."`
	Default       string            `json:"default,omitempty"`
	Allowed       []string          `json:"allowed,omitempty"`
	Deprecated    map[string]string `json:"deprecated,omitempty" doc:"Values that still work, and why not to use them."`
	Help          string            `json:"help"`
}

// TargetGrant is one set of fields that makes a sign-in possible.
type TargetGrant struct {
	Name     string   `json:"name"`
	Secrets  []string `json:"secrets"`
	Optional []string `json:"optional,omitempty" doc:"Secrets that are allowed but not required."`
	Settings []string `json:"settings,omitempty"`
}

// Scope is a permission of a client of the control plane.
type Scope string

// The scopes. Admin includes all others; no other scope includes another one.
const (
	ScopeRead    Scope = "read"
	ScopeCompare Scope = "compare"
	ScopeTest    Scope = "test"
	ScopeWrite   Scope = "write"
	ScopeAdmin   Scope = "admin"
)

// List is one page of a list.
type List[T any] struct {
	Items []T `json:"items"`
	// Next is the cursor of the next page; empty on the last page.
	Next string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last page."`
}
