package connection_test

import (
	"encoding/json"
	"fmt"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestOwnSubmissionsAreComparedWithoutACall(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	at = c.expect("the same secret", at, desk("right", nil), false, 0)
	at = c.expect("another secret", at, desk("other", nil), true, 0)
	at = c.expect("another secret, planned again", at, desk("other", nil), true, 0)
	at = c.expect("another grant", at, desk("", acctest.Values{
		"desk": acctest.Values{"region": "eu", "client_id": "me", "client_secret_wo": "right"},
	}), true, 0)
	at = c.apply(at, desk("other", nil))
	at = c.expect("the new secret", at, desk("other", nil), false, 0)
	at = c.expect("the old secret", at, desk("right", nil), true, 0)
	at = c.apply(at, desk("other", acctest.Values{"name": "Renamed"}))
	at = c.expect("after a rename", at, desk("other", acctest.Values{"name": "Renamed"}), false, 0)
	c.expect("without a secret", at, acctest.Values{"name": "Renamed", "desk": acctest.Values{"region": "eu"},
		"verify_credentials": false}, false, 0)
}

func TestSubmissionsElsewhereAreAskedFor(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	c.submit(at, "elsewhere")
	at = c.expect("another secret elsewhere", at, desk("right", nil), true, 1)
	c.submit(at, "right")
	at = c.expect("the same secret elsewhere", at, desk("right", nil), false, 1)
	at = c.apply(at, desk("right", acctest.Values{"deletion_policy": "abandon"})) // makes no call, so no key is returned
	at = c.expect("after a change of Terraform's own", at, desk("right", acctest.Values{"deletion_policy": "abandon"}), false, 1)
	at = c.apply(at, desk("right", acctest.Values{"name": "Renamed"}))
	c.expect("after an update", at, desk("right", acctest.Values{"name": "Renamed"}), false, 0)
}

func TestImportedConnectionIsAskedForUntilAnUpdate(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	created := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	c.run()
	at, diagnostics := c.Import("riva_connection", created.ID(), nil)
	c.Must(diagnostics)
	imported := acctest.Values{"verify_credentials": true}
	if _, kept := c.private(at); kept {
		t.Error("an import keeps a digest")
	}
	at = c.expect("imported", at, desk("right", imported), false, 1)
	at = c.expect("imported, planned again", at, desk("right", imported), false, 1)
	imported["name"] = "Renamed"
	at = c.apply(at, desk("right", imported))
	c.expect("after its update", at, desk("right", imported), false, 0)
}

func TestBlankedCredentialsAreUnequalWithoutACall(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("wrong", nil))
	if _, err := c.Client().RunTest(t.Context(), at.ID(), api.RunTest{}); err != nil {
		t.Fatal(err)
	}
	at = c.expect("the secret that was blanked", at, desk("wrong", nil), true, 0)
	at = c.expect("another secret", at, desk("right", nil), true, 0)
	at = c.apply(at, desk("right", nil))
	c.expect("the new secret", at, desk("right", nil), false, 0)
}

func TestVersionKeepsNoDigest(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	versioned := acctest.Values{"credentials_wo_version": 1}
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	if _, kept := c.private(at); !kept {
		t.Fatal("no digest without a version")
	}
	at = c.apply(at, desk("right", versioned)) // only recorded
	if _, kept := c.private(at); kept {
		t.Error("a digest is kept with a version")
	}
	at = c.expect("with a version", at, desk("other", versioned), false, 0)
	at = c.apply(at, desk("right", nil))
	at = c.expect("without a version again", at, desk("right", nil), false, 1)
	at = c.apply(at, desk("right", acctest.Values{"credentials_wo_version": 2}))
	at = c.apply(at, desk("right", acctest.Values{"credentials_wo_version": 3})) // sends
	if _, kept := c.private(at); kept {
		t.Error("a digest is kept with a changed version")
	}
}

// A state from before comparison keys has no digest, and an older control plane has no keys.
func TestWithoutDigestOrKeyThePlanAsks(t *testing.T) {
	t.Parallel()
	for name, older := range map[string]bool{"an older state": false, "an older control plane": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newComparing(t)
			c.older = older
			at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
			var private map[string][]byte
			if err := json.Unmarshal(at.Private, &private); err != nil {
				t.Fatal(err)
			}
			if _, kept := private["credentials"]; kept == older {
				t.Errorf("a digest is kept: %t", kept)
			}
			delete(private, "credentials")
			var err error
			if at.Private, err = json.Marshal(private); err != nil {
				t.Fatal(err)
			}
			at = c.expect("the same secret", at, desk("right", nil), false, 1)
			at = c.expect("another secret", at, desk("other", nil), true, 1)
			at = c.apply(at, desk("other", nil))
			if older {
				c.expect("the new secret", at, desk("other", nil), false, 1)
			} else {
				c.expect("the new secret", at, desk("other", nil), false, 0)
			}
		})
	}
}

// Without a refresh, and at apply, the key is read.
func TestPlanWithoutRefreshReadsTheKey(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	at := c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", nil))
	for secret, sends := range map[string]bool{"right": false, "other": true} {
		c.run()
		planned, diagnostics := c.Plan(at, desk(secret, nil))
		c.Must(diagnostics)
		if (planned["credentials_updated_at"] == "(unknown)") != sends || c.comparisons != 0 || c.reads != 1 {
			t.Errorf("%s: %v, %d comparisons, %d reads", secret, planned["credentials_updated_at"], c.comparisons, c.reads)
		}
	}
	c.apply(at, desk("other", nil))
	if c.comparisons != 0 || c.reads != 1 {
		t.Errorf("the apply made %d comparisons and %d reads, want none and one", c.comparisons, c.reads)
	}
}

// A client without the scope asks once, whatever the number of connections.
func TestWithoutScopeThePlanAsksOnce(t *testing.T) {
	t.Parallel()
	c := newComparing(t)
	var all []acctest.Instance
	for i := range 5 {
		name := acctest.Values{"name": fmt.Sprint("Desk ", i)}
		all = append(all, c.apply(acctest.Instance{Type: "riva_connection"}, desk("right", name)))
	}
	c.allowed = withoutCompareScope
	c.run()
	warnings := 0
	for i, at := range all {
		read, diagnostics := c.Read(at)
		c.Must(diagnostics)
		planned, diagnostics := c.Plan(read, desk("other", acctest.Values{"name": fmt.Sprint("Desk ", i)}))
		c.Must(diagnostics)
		if planned["credentials_updated_at"] == "(unknown)" {
			t.Errorf("connection %d: the plan sends credentials", i)
		}
		warnings += len(diagnostics)
	}
	if warnings != 1 || c.comparisons != 1 {
		t.Errorf("%d warnings after %d comparisons, want one of each", warnings, c.comparisons)
	}
}
