package access_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/access"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// storedKey is the key of the control plane, as somebody with its database and its keyset has it.
func (f *fixture) storedKey(t *testing.T) (string, *ecdsa.PrivateKey) {
	t.Helper()
	var keys []model.TokenKey
	err := f.store.View(t.Context(), func(tx model.Tx) (err error) {
		keys, err = tx.TokenKeys(t.Context())
		return err
	})
	if err != nil || len(keys) != 1 {
		t.Fatal(keys, err)
	}
	block, _ := pem.Decode([]byte(keys[0].Private))
	parsed, err := x509.ParsePKCS8PrivateKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	key, ok := parsed.(*ecdsa.PrivateKey)
	if !ok {
		t.Fatalf("%T", parsed)
	}
	return keys[0].ID, key
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// sign signs claims.
func sign(t *testing.T, algorithm jose.SignatureAlgorithm, key any, kind, keyID string, claims any) string {
	t.Helper()
	options := (&jose.SignerOptions{}).WithType(jose.ContentType(kind)).WithHeader("kid", keyID)
	return signWith(t, algorithm, key, options, claims)
}

// signWith signs claims with a header.
func signWith(t *testing.T, algorithm jose.SignatureAlgorithm, key any, header *jose.SignerOptions, claims any) string {
	t.Helper()
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, header)
	if err != nil {
		t.Fatal(err)
	}
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := signer.Sign(payload)
	if err != nil {
		t.Fatal(err)
	}
	token, err := signed.CompactSerialize()
	if err != nil {
		t.Fatal(err)
	}
	return token
}

// unsigned is a token without a signature.
func unsigned(t *testing.T, kind string, claims map[string]any) string {
	t.Helper()
	payload, err := json.Marshal(claims)
	if err != nil {
		t.Fatal(err)
	}
	header := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"` + kind + `"}`))
	return header + "." + base64.RawURLEncoding.EncodeToString(payload) + "."
}

// publicPEM is a public key as text, which an attacker uses as a shared secret.
func publicPEM(t *testing.T, key crypto.PublicKey) []byte {
	t.Helper()
	encoded, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		t.Fatal(err)
	}
	return pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: encoded})
}

func TestInvalidAccessTokensAreRejected(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		c, secret := f.create(t, "pipeline", "admin")
		good := f.withSecret(t, c.ID, secret).Token
		id, key := f.storedKey(t)
		now := time.Now()
		claims := func(changes ...any) map[string]any { // names and values; nil deletes
			all := map[string]any{
				"iss": issuer, "aud": issuer, "sub": c.ID, "client_id": c.ID, "scope": "admin", "jti": "1",
				"iat": now.Unix(), "exp": now.Add(time.Minute).Unix(),
			}
			for i := 0; i+1 < len(changes); i += 2 {
				name := fmt.Sprint(changes[i])
				if all[name] = changes[i+1]; changes[i+1] == nil {
					delete(all, name)
				}
			}
			return all
		}
		signed := func(changes ...any) string { return sign(t, jose.ES256, key, "at+jwt", id, claims(changes...)) }
		if status, _ := f.call(t, "/v1/clients", signed()); status != http.StatusOK {
			t.Fatalf("the token that the others differ from: %d", status)
		}
		parts := strings.Split(good, ".")
		altered, err := base64.RawURLEncoding.DecodeString(parts[1])
		if err != nil {
			t.Fatal(err)
		}
		parts[1] = base64.RawURLEncoding.EncodeToString([]byte(strings.Replace(string(altered), c.ID, "x"+c.ID[1:], 1)))
		another := open(t, storetest.SQLite(t))
		twin, twinSecret := another.create(t, "pipeline", "admin")
		for name, token := range map[string]string{
			"missing":             "",
			"not a token":         "guess",
			"alg none":            unsigned(t, "at+jwt", claims()),
			"HS256 with the key":  sign(t, jose.HS256, publicPEM(t, key.Public()), "at+jwt", id, claims()),
			"other key":           sign(t, jose.ES256, newKey(t), "at+jwt", id, claims()),
			"unknown key":         sign(t, jose.ES256, key, "at+jwt", "other", claims()),
			"other type":          sign(t, jose.ES256, key, "JWT", id, claims()),
			"altered":             strings.Join(parts, "."),
			"cut":                 good[:len(good)-2],
			"other issuer":        signed("iss", "https://other.example.com"),
			"no issuer":           signed("iss", nil),
			"other audience":      signed("aud", "https://other.example.com"),
			"several audiences":   signed("aud", []string{issuer, "https://other.example.com"}),
			"no audience":         signed("aud", nil),
			"expired":             signed("exp", now.Add(-time.Second).Unix()),
			"without end":         signed("exp", nil),
			"of the future":       signed("iat", now.Add(time.Minute).Unix(), "exp", now.Add(time.Hour).Unix()),
			"not yet valid":       signed("nbf", now.Add(time.Minute).Unix()),
			"without time":        signed("iat", nil),
			"unknown client":      signed("sub", "nobody", "client_id", "nobody"),
			"two clients":         signed("client_id", "nobody"),
			"of another instance": another.withSecret(t, twin.ID, twinSecret).Token,
		} {
			status, header := f.call(t, "/v1/clients", token)
			challenge := header.Get("WWW-Authenticate")
			if status != http.StatusUnauthorized || !strings.HasPrefix(challenge, "Bearer ") ||
				strings.Contains(challenge, "invalid_token") != (token != "") {
				t.Errorf("%s: %d %s", name, status, challenge)
			}
		}
		for _, scope := range []string{"read", "", "everything", "Admin"} {
			if status, _ := f.call(t, "/v1/clients", signed("scope", scope)); status != http.StatusForbidden {
				t.Errorf("scope %q: %d", scope, status)
			}
		}
	})
}

func TestReplicasAcceptTokensOfEachOther(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		first := open(t, d)
		c, secret := first.create(t, "pipeline", "read")
		replicas := []*fixture{first, open(t, d), open(t, d)}
		tokens := make([]string, len(replicas))
		var all sync.WaitGroup
		for i, replica := range replicas { // each finds no key
			all.Go(func() { tokens[i] = replica.withSecret(t, c.ID, secret).Token })
		}
		all.Wait()
		first.storedKey(t) // fails unless there is one key
		for _, token := range tokens {
			for _, replica := range replicas {
				if status, _ := replica.call(t, "/v1/users", token); status != http.StatusOK {
					t.Errorf("status %d", status)
				}
			}
		}
	})
}

func TestKeysAndMetadataAreServed(t *testing.T) {
	t.Parallel()
	each(t, func(t *testing.T, f *fixture) {
		c, secret := f.create(t, "pipeline", "read")
		token := f.withSecret(t, c.ID, secret).Token
		read := func(path string, into any) {
			t.Helper()
			request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, f.server.URL+path, http.NoBody)
			if err != nil {
				t.Fatal(err)
			}
			status, _, body := f.send(t, request)
			if err := json.Unmarshal(body, into); err != nil || status != http.StatusOK {
				t.Fatalf("%d %s %v", status, body, err)
			}
		}
		var set jose.JSONWebKeySet
		read(access.KeysPath, &set)
		parsed, err := jwt.ParseSigned(token, []jose.SignatureAlgorithm{jose.ES256})
		if err != nil {
			t.Fatal(err)
		}
		var claims map[string]any
		if err := parsed.Claims(&set, &claims); err != nil || !set.Keys[0].IsPublic() {
			t.Fatalf("%v %+v", err, set)
		}
		delete(claims, "jti")
		delete(claims, "iat")
		delete(claims, "exp")
		want := map[string]any{"iss": issuer, "aud": issuer, "sub": c.ID, "client_id": c.ID, "scope": "read"}
		if !maps.EqualFunc(claims, want, func(a, b any) bool { return a == b }) {
			t.Errorf("claims %v", claims)
		}
		var metadata map[string]any
		read(access.MetadataPath, &metadata)
		if metadata["issuer"] != issuer || metadata["token_endpoint"] != issuer+"/oauth/token" ||
			metadata["jwks_uri"] != issuer+"/oauth/keys" {
			t.Errorf("%v", metadata)
		}
	})
}
