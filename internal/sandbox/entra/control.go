package entra

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// App returns the first app registration, with its secrets: the one that integrations sign in through.
func (d *Directory) App() App {
	d.Lock()
	defer d.Unlock()
	return d.state.apps[0].clone()
}

// UpdateApp changes the first app registration.
func (d *Directory) UpdateApp(change func(*App)) error {
	d.Lock()
	defer d.Unlock()
	app := d.state.apps[0].clone()
	change(&app)
	if err := app.check(); err != nil {
		return err
	}
	d.state.apps[0] = app
	return nil
}

// SetSecret replaces the app's client secrets by one with this value.
func (d *Directory) SetSecret(value string) error {
	return d.UpdateApp(func(a *App) {
		secret := NewSecret("changed")
		secret.Value = value
		a.Secrets = []Secret{secret}
	})
}

// ExpireSecrets makes the app's client secrets expire.
func (d *Directory) ExpireSecrets() error {
	return d.UpdateApp(func(a *App) {
		for i := range a.Secrets {
			a.Secrets[i].Expires = d.now().Add(-time.Hour)
		}
	})
}

// SetCertificate replaces the app's certificates by one (PEM).
func (d *Directory) SetCertificate(certificate string) error {
	return d.UpdateApp(func(a *App) { a.Certificates = []string{certificate} })
}

// Pair returns the key pair of the app of [NewSeed].
func (d *Directory) Pair() (KeyPair, error) { return firstPair() }

// Tenant returns the first tenant.
func (d *Directory) Tenant() Tenant {
	d.Lock()
	defer d.Unlock()
	return d.state.tenants[0]
}

// UpdateTenant changes the first tenant.
func (d *Directory) UpdateTenant(change func(*Tenant)) {
	sandbox.Write(d, &d.state.tenants, func(tenants *[]Tenant) { change(&(*tenants)[0]) })
}

// UpdateUser changes a user.
func (d *Directory) UpdateUser(name string, change func(*User)) error { return d.Update(name, change) }

// Approve returns a refresh token of a user for the first app, as if the user had approved the scopes in a browser.
func (d *Directory) Approve(name string, scopes ...string) (refreshToken string, err error) {
	err = d.Update(name, func(user *User) {
		refreshToken = d.state.addRefreshToken(approval{
			userID: user.ID, clientID: d.state.apps[0].ClientID, scopes: append([]string{"offline_access"}, scopes...), issued: d.now(),
		})
	})
	return refreshToken, err
}

// Revoke revokes the refresh tokens and the approvals of a user, or of all users for an empty name. Approvals of an
// administrator for all users stay.
func (d *Directory) Revoke(name string) error {
	return d.ForUser(name, func(user *User) {
		maps.DeleteFunc(d.state.userConsents, func(key string, _ granted) bool {
			return user == nil || strings.HasPrefix(key, user.ID+" ")
		})
		for _, a := range d.state.refreshTokens {
			a.revoked = a.revoked || user == nil || a.userID == user.ID
		}
	})
}

// ExpireTokens makes all issued access tokens expire.
func (d *Directory) ExpireTokens() {
	d.Lock()
	defer d.Unlock()
	clear(d.state.validTokens)
}

// State describes the directory, without secrets.
func (d *Directory) State() any {
	d.Lock()
	tenants, apps := slices.Clone(d.state.tenants), slices.Clone(d.state.apps)
	d.Unlock()
	return struct {
		Tenants []Tenant `json:"tenants"`
		Apps    []App    `json:"apps"`
		Users   []User   `json:"users"`
	}{tenants, apps, d.Users()}
}

// Routes adds the directory's routes to the control endpoint of a stand-in, below /<name>/entra.
func (d *Directory) Routes(mux *http.ServeMux, s sandbox.Controlled) {
	prefix := "/" + s.Name() + "/entra"
	mux.HandleFunc("PATCH "+prefix+"/app", sandbox.HandleJSON(s, func(_ *http.Request, update appUpdate) error {
		return d.UpdateApp(update.apply)
	}))
	mux.HandleFunc("PATCH "+prefix+"/tenant", sandbox.Patch(s, d.UpdateTenant))
	mux.HandleFunc("PATCH "+prefix+"/users/{name}", sandbox.PatchNamed(s, d.UpdateUser))
	mux.HandleFunc("POST "+prefix+"/expire-secrets", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		return d.ExpireSecrets()
	}))
	mux.HandleFunc("POST "+prefix+"/expire-tokens", sandbox.HandleSimple(s, func(struct{}) { d.ExpireTokens() }))
	mux.HandleFunc("POST "+prefix+"/revoke", sandbox.HandleUser(s, d.Revoke))
}

// appUpdate is a change of the app registration. Fields that are missing stay unchanged.
type appUpdate struct {
	Secret      *string `json:"secret"`
	Certificate *string `json:"certificate"`
	Enabled     *bool   `json:"enabled"`
	// Consents replaces all granted permissions, by the app id of the API.
	Consents *map[string]Consent `json:"consents"`
	// Permissions, RedirectURIs and Public replace those of the registration.
	Permissions  *map[string][]string `json:"permissions"`
	RedirectURIs *[]string            `json:"redirect_uris"`
	Public       *bool                `json:"public"`
}

func (u appUpdate) apply(a *App) {
	if u.Secret != nil {
		secret := NewSecret("changed")
		secret.Value = strings.TrimSpace(*u.Secret)
		a.Secrets = []Secret{secret}
	}
	if u.Certificate != nil {
		a.Certificates = []string{*u.Certificate}
	}
	sandbox.Set(&a.Enabled, u.Enabled)
	sandbox.Set(&a.Consents, u.Consents)
	sandbox.Set(&a.Permissions, u.Permissions)
	sandbox.Set(&a.RedirectURIs, u.RedirectURIs)
	sandbox.Set(&a.Public, u.Public)
}
