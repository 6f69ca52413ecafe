package entra

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// App returns the first app registration with its secrets. Integrations sign in through it.
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

// UpdateApp changes the first app registration.
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

// UpdateUser changes a user.
func (d *Directory) UpdateUser(name string, change func(*User)) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return sandbox.Change(d.state.user(name), ErrNoUser, name, change)
}

// Approve returns a refresh token, as if the user had signed in to the app with a browser. The scopes are those of a
// request, such as "https://graph.microsoft.com/Mail.Read"; offline_access is added.
func (d *Directory) Approve(name string, scopes ...string) (refreshToken string, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.state.user(name)
	if user == nil {
		return "", fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	return d.state.addRefreshToken(approval{
		userID: user.ID, clientID: d.state.apps[0].ClientID, scopes: append([]string{"offline_access"}, scopes...), issued: d.now(),
	}), nil
}

// Revoke revokes the refresh tokens of a user, or of all users for an empty name. As in Entra, issued access tokens
// stay valid: see [Directory.ExpireTokens].
func (d *Directory) Revoke(name string) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	user := d.state.user(name)
	if user == nil && name != "" {
		return fmt.Errorf("%w: %q", ErrNoUser, name)
	}
	for _, a := range d.state.refreshTokens {
		a.revoked = a.revoked || user == nil || a.userID == user.ID
	}
	return nil
}

// ExpireTokens makes all issued access tokens expire.
func (d *Directory) ExpireTokens() {
	d.mu.Lock()
	defer d.mu.Unlock()
	clear(d.state.validTokens)
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

// Routes adds the directory's routes to the control endpoint of a stand-in, below /<name>/entra.
func (d *Directory) Routes(mux *http.ServeMux, s sandbox.Controlled) {
	prefix := "/" + s.Name() + "/entra"
	mux.HandleFunc("PATCH "+prefix+"/app", sandbox.HandleJSON(s, func(_ *http.Request, update appUpdate) error {
		return d.UpdateApp(update.apply)
	}))
	mux.HandleFunc("PATCH "+prefix+"/users/{name}", sandbox.PatchNamed(s, "name", userFields, d.UpdateUser))
	mux.HandleFunc("POST "+prefix+"/expire-secrets", sandbox.HandleJSON(s, func(*http.Request, struct{}) error {
		return d.ExpireSecrets()
	}))
	mux.HandleFunc("POST "+prefix+"/expire-tokens", sandbox.HandleSimple(s, func(struct{}) { d.ExpireTokens() }))
	mux.HandleFunc("POST "+prefix+"/revoke", sandbox.HandleUser(s, d.Revoke))
}

// appUpdate is a change of the app registration. Fields that are missing stay unchanged.
type appUpdate struct {
	Secret       *string   `json:"secret"`
	Certificate  *string   `json:"certificate"`
	Enabled      *bool     `json:"enabled"`
	RedirectURIs *[]string `json:"redirect_uris"`
	// Consents replaces all granted permissions, by the app id of the API.
	Consents *map[string]Consent `json:"consents"`
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
	sandbox.Set(&a.RedirectURIs, u.RedirectURIs)
	sandbox.Set(&a.Consents, u.Consents)
}

// userFields are the fields of a user that a request may change.
func userFields(u *User) sandbox.Fields {
	return sandbox.Fields{
		"password": &u.Password, "enabled": &u.Enabled, "locked": &u.Locked, "password_expired": &u.PasswordExpired,
		"mfa": &u.MFA,
	}
}
