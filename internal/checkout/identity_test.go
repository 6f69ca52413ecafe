//go:build unix

package checkout_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"maps"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
)

// publicURL is the address of the control plane in pages and examples.
const publicURL = "https://riva.example.com"

// issuer issues the identities of jobs, as GitHub, GitLab, Kubernetes and HCP Terraform do.
type issuer struct {
	*httptest.Server
	key jose.JSONWebKey

	mu  sync.Mutex
	job map[string]any
}

// run begins a job with the claims of its identity. The job before it has ended.
func (i *issuer) run(claims map[string]any) {
	i.mu.Lock()
	defer i.mu.Unlock()
	i.job = claims
}

// requestToken authenticates a job that requests its identity.
const requestToken = "of the request"

func newIssuer(t *testing.T) *issuer {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(t, err)
	i := &issuer{key: jose.JSONWebKey{Key: key, KeyID: "1", Algorithm: string(jose.ES256), Use: "sig"}}
	mux := http.NewServeMux()
	respond := func(w http.ResponseWriter, body any) {
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(body) // the client may have disconnected
	}
	mux.HandleFunc("/.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, map[string]any{"issuer": i.URL, "jwks_uri": i.URL + "/keys"})
	})
	mux.HandleFunc("/keys", func(w http.ResponseWriter, _ *http.Request) {
		respond(w, jose.JSONWebKeySet{Keys: []jose.JSONWebKey{i.key.Public()}})
	})
	// GitHub's request: https://docs.github.com/en/actions/reference/security/oidc.
	mux.HandleFunc("/request", func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "Bearer "+requestToken || r.FormValue("api-version") != "2.0" {
			w.WriteHeader(http.StatusUnauthorized)
			return
		}
		token, err := i.sign(r.FormValue("audience"))
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		respond(w, map[string]any{"value": token})
	})
	i.Server = httptest.NewServer(mux)
	t.Cleanup(i.Close)
	return i
}

// token is the identity of the running job, for an audience.
func (i *issuer) token(t *testing.T, audience string) string {
	t.Helper()
	token, err := i.sign(audience)
	must(t, err)
	return token
}

func (i *issuer) sign(audience string) (string, error) {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: jose.ES256, Key: i.key}, nil)
	if err != nil {
		return "", err
	}
	now := time.Now()
	claims := map[string]any{"iss": i.URL, "aud": audience, "iat": now.Unix(), "exp": now.Add(5 * time.Minute).Unix()}
	i.mu.Lock()
	maps.Copy(claims, i.job)
	i.mu.Unlock()
	return jwt.Signed(signer).Claims(claims).Serialize()
}

// shared is a control plane that many use, with an issuer of identities for their jobs.
type shared struct {
	url      string
	issuer   *issuer
	clientID string
}

// newShared starts a control plane, and runs the commands of a guide as its administrator: they create a client that trusts the
// issuer. The provider must be built.
func (c *checkout) newShared(t *testing.T, guide string) *shared {
	t.Helper()
	c.command(t)
	s := &shared{issuer: newIssuer(t)}
	s.url = "http://" + c.serve(t, `mkdir -m 700 ~/shared; cd ~/shared
terraform-provider-riva keys create keyset.json
terraform-provider-riva serve --listen 127.0.0.1:0 --data-dir data --keyset keyset.json --allow-target 127.0.0.1`)
	page := readText(t, "templates/guides/"+guide+".md.tmpl")
	issuers := regexp.MustCompile(`--issuer https://\S+`)
	lines := issuers.ReplaceAllString(strings.Join(fenced(page, "shell"), ""), "--issuer "+s.issuer.URL)
	out := c.run(t, "", `cd ~/shared
terraform-provider-riva clients create admin --scope admin --json --data-dir data --keyset keyset.json >admin.json
export RIVA_ENDPOINT=`+s.url+` RIVA_CLIENT_ID="$(jq -r .client.id admin.json)" RIVA_CLIENT_SECRET="$(jq -r .secret admin.json)"
`+lines, "")
	id := regexp.MustCompile(`client_id: +(\S+)`).FindStringSubmatch(out)
	if len(id) == 0 || !strings.Contains(out, "trusts tokens of "+s.issuer.URL) {
		t.Fatalf("the commands of %s create no client that trusts an issuer:\n%s", guide, out)
	}
	s.clientID = id[1]
	return s
}
