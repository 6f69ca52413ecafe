package access_test

import (
	"crypto"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// keySet is the JSON Web Key Set with a public key, whose id is k1.
func keySet(t *testing.T, key crypto.Signer) string {
	t.Helper()
	text, err := json.Marshal(jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.Public(), KeyID: "k1"}}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// withClaims changes claims: names and values in turns; nil deletes.
func withClaims(claims map[string]any, changes ...any) map[string]any {
	for i := 0; i+1 < len(changes); i += 2 {
		name := fmt.Sprint(changes[i])
		if claims[name] = changes[i+1]; changes[i+1] == nil {
			delete(claims, name)
		}
	}
	return claims
}

func TestAssertionOfOwnKeyIsAcceptedOnce(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		f, key := open(t, d), newKey(t)
		c, _, err := f.service.CreateClient(t.Context(), model.NewClient{
			Name: "pipeline", Scopes: []string{"read"}, Keys: keySet(t, key),
		})
		if err != nil {
			t.Fatal(err)
		}
		replica, now := open(t, d), time.Now()
		ids := 0
		assertion := func(changes ...any) string {
			ids++
			return sign(t, jose.ES256, key, "JWT", "k1", withClaims(map[string]any{
				"iss": c.ID, "sub": c.ID, "aud": issuer, "jti": strconv.Itoa(ids), "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix(),
			}, changes...))
		}
		for _, audience := range []string{issuer, issuer + "/oauth/token"} {
			if got := f.withAssertion(t, c.ID, assertion("aud", audience)); got.Status != http.StatusOK || got.Scope != "read" {
				t.Errorf("%+v", got)
			}
		}
		// Of many at once, in two processes, one gets a token.
		var accepted atomic.Int64
		var all sync.WaitGroup
		again := assertion()
		for i := range 8 {
			all.Go(func() {
				if []*fixture{f, replica}[i%2].withAssertion(t, c.ID, again).Status == http.StatusOK {
					accepted.Add(1)
				}
			})
		}
		all.Wait()
		if accepted.Load() != 1 {
			t.Errorf("%d tokens for one assertion", accepted.Load())
		}
		rotated := d
		rotated.Keyset = storetest.RotateKeyset(t, d.Keyset)
		if got := open(t, rotated).withAssertion(t, c.ID, again); got.Status != http.StatusUnauthorized {
			t.Errorf("in a process with another primary key: %+v", got)
		}
		// A clock that was ahead, and is set back, does not have it accepted again.
		for _, at := range []time.Duration{30 * time.Minute, 22 * time.Hour} {
			replica.clock.advance(at)
			exp := time.Now().Add(at + time.Minute).Unix()
			replica.withAssertion(t, c.ID, assertion("iat", nil, "exp", exp))
			replica.clock.advance(-at)
			for _, process := range []*fixture{f, replica} {
				if got := process.withAssertion(t, c.ID, again); got.Status != http.StatusUnauthorized {
					t.Errorf("after a clock was %s ahead: %+v", at, got)
				}
			}
		}
		claims := map[string]any{"iss": c.ID, "sub": c.ID, "aud": issuer, "jti": "x", "exp": now.Add(time.Minute).Unix()}
		for name, bad := range map[string]string{
			"alg none":          unsigned(t, "JWT", claims),
			"HS256 with key":    sign(t, jose.HS256, publicPEM(t, key.Public()), "JWT", "k1", claims),
			"other key":         sign(t, jose.ES256, newKey(t), "JWT", "k1", claims),
			"unknown key":       sign(t, jose.ES256, key, "JWT", "k2", claims),
			"other subject":     assertion("sub", "nobody"),
			"other audience":    assertion("aud", "https://other.example.com"),
			"several audiences": assertion("aud", []string{issuer, "https://other.example.com"}),
			"no audience":       assertion("aud", nil),
			"no id":             assertion("jti", nil),
			"expired":           assertion("exp", now.Add(-2*time.Minute).Unix()),
			"without end":       assertion("exp", nil),
			"of a day":          assertion("exp", now.Add(24*time.Hour).Unix()),
			"of the future":     assertion("iat", now.Add(5*time.Minute).Unix()),
			"not yet valid":     assertion("nbf", now.Add(5*time.Minute).Unix()),
			"not a token":       "guess",
		} {
			got := f.withAssertion(t, c.ID, bad)
			if got.Status != http.StatusUnauthorized || got.Error != "invalid_client" || strings.Contains(got.Description, bad) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	})
}
