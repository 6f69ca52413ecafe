package entra

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// App is the first app registration: the one that integrations sign in through, with its secrets.
func (d *Directory) App() App {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.apps[0].clone()
}

// FindApp finds an app registration by its client id.
func (d *Directory) FindApp(clientID string) (App, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	app := d.state.app(clientID)
	if app == nil {
		return App{}, fmt.Errorf("%w: %q", ErrNoApp, clientID)
	}
	return app.clone(), nil
}

// UpdateApp changes the first app registration: removing consents, disabling it, and so on.
func (d *Directory) UpdateApp(change func(*App)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	app := d.state.apps[0].clone()
	change(&app)
	if err := app.check(); err != nil {
		return err
	}
	d.state.apps[0] = app
	return nil
}

// SetSecret makes a value the app's only client secret.
func (d *Directory) SetSecret(value string) error {
	return d.UpdateApp(func(a *App) {
		secret := NewSecret("changed")
		secret.Value = value
		a.Secrets = []Secret{secret}
	})
}

// ExpireSecrets ends the app's client secrets.
func (d *Directory) ExpireSecrets() error {
	return d.UpdateApp(func(a *App) {
		for i := range a.Secrets {
			a.Secrets[i].Expires = d.now().Add(-time.Hour)
		}
	})
}

// SetCertificate makes a certificate (PEM) the app's only one.
func (d *Directory) SetCertificate(certificate string) error {
	return d.UpdateApp(func(a *App) { a.Certificates = []string{certificate} })
}

// Pair is the key pair of the app of [NewSeed].
func (d *Directory) Pair() (KeyPair, error) { return firstPair() }

// Tenant is the first tenant.
func (d *Directory) Tenant() Tenant { return d.seed.Tenants[0] }

// Users lists the users, with their passwords.
func (d *Directory) Users() []User {
	d.mu.Lock()
	defer d.mu.Unlock()
	return slices.Clone(d.state.users)
}

// User finds a user by name (UPN) or id.
func (d *Directory) User(name string) (User, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.state.user(name)
	if user == nil {
		return User{}, fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	return *user, nil
}

// UpdateUser changes a user: locking, disabling, and so on.
func (d *Directory) UpdateUser(name string, change func(*User)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return sandbox.Change(d.state.user(name), ErrNoUser, name, change)
}

// Approve does what a person does who signs in to the app with a browser, and returns the refresh token. The scopes are
// as in a request, such as "https://graph.microsoft.com/Mail.Read"; offline_access is added.
func (d *Directory) Approve(name string, scopes ...string) (refreshToken string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.state.user(name)
	if user == nil {
		return "", fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	return d.state.keep(approval{
		userID: user.ID, clientID: d.state.apps[0].ClientID, scopes: append([]string{"offline_access"}, scopes...), issued: d.now(),
	}), nil
}

// Revoke revokes the refresh tokens of a user, or of everybody if no user is named. As in Entra, access tokens that were
// given out live on: see [Directory.ExpireTokens].
func (d *Directory) Revoke(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.state.user(name)
	if user == nil && name != "" {
		return fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	for _, a := range d.state.refresh {
		a.revoked = a.revoked || user == nil || a.userID == user.ID
	}
	return nil
}

// ExpireTokens ends all access tokens that were given out.
func (d *Directory) ExpireTokens() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.state.live)
}

// State describes the directory, without secrets.
func (d *Directory) State() any {
	d.mu.Lock()
	tenants, apps := slices.Clone(d.state.tenants), slices.Clone(d.state.apps)
	d.mu.Unlock()
	return struct {
		Tenants []Tenant `json:"tenants"`
		Apps    []App    `json:"apps"`
		Users   []User   `json:"users"`
	}{tenants, apps, d.Users()}
}

// Routes are the directory's part of a stand-in's control routes, below /<name>/entra.
func (d *Directory) Routes(mux *http.ServeMux, s sandbox.Controlled) {
	prefix := "/" + s.Name() + "/entra"
	mux.HandleFunc("PATCH "+prefix+"/app", sandbox.HandleJSON(s, func(_ *http.Request, o appUpdate) error {
		return d.UpdateApp(o.apply)
	}))
	mux.HandleFunc("PATCH "+prefix+"/users/{name}", sandbox.PatchNamed(s, "name", userFields, d.UpdateUser))
	mux.HandleFunc("POST "+prefix+"/expire-secrets", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		return d.ExpireSecrets()
	}))
	mux.HandleFunc("POST "+prefix+"/expire-tokens", sandbox.HandleSimple(s, func(struct{}) { d.ExpireTokens() }))
	mux.HandleFunc("POST "+prefix+"/revoke", sandbox.HandleUser(s, d.Revoke))
}

// appUpdate is an order to change the app registration: what it does not name stays.
type appUpdate struct {
	Secret       *string   `json:"secret"`
	Certificate  *string   `json:"certificate"`
	Enabled      *bool     `json:"enabled"`
	RedirectURIs *[]string `json:"redirect_uris"`
	// Consents replaces all that is granted, by the app id of the API.
	Consents *map[string]Consent `json:"consents"`
}

func (o appUpdate) apply(a *App) {
	if o.Secret != nil {
		secret := NewSecret("changed")
		secret.Value = strings.TrimSpace(*o.Secret)
		a.Secrets = []Secret{secret}
	}
	if o.Certificate != nil {
		a.Certificates = []string{*o.Certificate}
	}
	sandbox.Set(&a.Enabled, o.Enabled)
	sandbox.Set(&a.RedirectURIs, o.RedirectURIs)
	sandbox.Set(&a.Consents, o.Consents)
}

// userFields are what an order may change of a user.
func userFields(u *User) sandbox.Fields {
	return sandbox.Fields{
		"password": &u.Password, "enabled": &u.Enabled, "locked": &u.Locked, "password_expired": &u.PasswordExpired,
		"mfa": &u.MFA,
	}
}
