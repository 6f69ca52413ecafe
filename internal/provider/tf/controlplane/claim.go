package controlplane

import (
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// claims counts the names that the creates of this run use. The zero value is ready to use.
type claims struct {
	mu sync.Mutex
	// creates are those planned and not applied yet. Replaceable are plans of existing objects with the name: Terraform may plan
	// each of them once more, as a create.
	creates, replaceable map[claimKey]int
}

// claimKey is a name, or an email address, of a kind of object.
type claimKey struct{ kind, folded string }

// Claim is what a create can be, judged by the other plans of the run.
type Claim int

const (
	// ClaimNew means that no other plan uses the name.
	ClaimNew Claim = iota
	// ClaimReplacement means that an existing object is planned with the name. The create may be the second half of its replacement.
	ClaimReplacement
	// ClaimTwice means that another create uses the name.
	ClaimTwice
)

// ClaimName records the planned name of a new object.
func (a *Access) ClaimName(kind ObjectKind, name string) Claim {
	key := claimKey{kind.Name, names.Fold(name)}
	a.claims.mu.Lock()
	defer a.claims.mu.Unlock()
	switch {
	case a.claims.replaceable[key] > 0:
		a.claims.replaceable[key]--
		return ClaimReplacement
	case a.claims.creates[key] > 0:
		return ClaimTwice
	}
	a.claims.init()
	a.claims.creates[key]++
	return ClaimNew
}

// KeepName records the planned name of an existing object. A replacement is planned as this first, and then as a create.
func (a *Access) KeepName(kind ObjectKind, name string) {
	a.claims.mu.Lock()
	defer a.claims.mu.Unlock()
	a.claims.init()
	a.claims.replaceable[claimKey{kind.Name, names.Fold(name)}]++
}

// EndClaim ends the claim of a create that is applied: from now on, the control plane decides.
func (a *Access) EndClaim(kind ObjectKind, name string) {
	a.claims.mu.Lock()
	defer a.claims.mu.Unlock()
	delete(a.claims.creates, claimKey{kind.Name, names.Fold(name)})
}

// init makes the maps. The caller holds the mutex.
func (c *claims) init() {
	if c.creates == nil {
		c.creates, c.replaceable = map[claimKey]int{}, map[claimKey]int{}
	}
}
