// Package api is the HTTP contract between the provider and the control plane: the wire types, the problems, and the
// client. The contract is this project's own; Riva publishes none.
package api

// Instance says which control plane answers.
type Instance struct {
	ID           string   `json:"id" format:"uuid" doc:"Made with the database; never changes."`
	Version      string   `json:"version"`
	Store        string   `json:"store" enum:"sqlite,postgresql"`
	Embedded     bool     `json:"embedded"`
	Capabilities []string `json:"capabilities" doc:"Optional parts of the contract that this control plane has."`
}

// TargetSystem is one entry of the catalog.
type TargetSystem struct {
	Name   string        `json:"name"`
	Title  string        `json:"title"`
	Kind   string        `json:"kind" enum:"crm,email"`
	Fields []TargetField `json:"fields"`
	Grants []TargetGrant `json:"grants"`
	Tests  []string      `json:"tests"`
	// Revalidates tells systems that are mended by signing in again from those that are mended by a new password.
	Revalidates bool `json:"revalidates" doc:"Connections are mended by a re-validation, not by a new password."`
}

// CapabilityRevalidations is among the capabilities of control planes that re-validate connections.
const CapabilityRevalidations = "revalidations"

// TargetField declares a setting or a secret of a target system's connections.
type TargetField struct {
	Name       string            `json:"name"`
	Required   bool              `json:"required"`
	Secret     bool              `json:"secret"`
	Binds      bool              `json:"binds" doc:"Changing it needs the credentials in the same request."`
	Default    string            `json:"default,omitempty"`
	Allowed    []string          `json:"allowed,omitempty"`
	Deprecated map[string]string `json:"deprecated,omitempty" doc:"Values that still work, and why to leave them."`
	Help       string            `json:"help"`
}

// TargetGrant is one set of fields that makes a sign-in possible.
type TargetGrant struct {
	Name     string   `json:"name"`
	Secrets  []string `json:"secrets"`
	Optional []string `json:"optional,omitempty" doc:"Secrets that may be given with them."`
	Settings []string `json:"settings,omitempty"`
}

// Scope is a permission of a client of the control plane.
type Scope string

// The scopes. Each stands for itself only, but Admin, which stands for all.
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
	// Next is the cursor of the next page; empty on the last.
	Next string `json:"next,omitempty" doc:"Cursor of the next page; absent on the last."`
}
