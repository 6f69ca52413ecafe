package entra

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The grants of the token endpoint, as they are recorded.
const (
	GrantClientCredentials = "client_credentials"
	GrantRefreshToken      = "refresh_token"
	GrantCode              = "authorization_code"
)

// request is one request for a token.
type request struct {
	directory *Directory
	tenant    Tenant
	app       App
	form      url.Values
	client    string
	secret    string
	// certified tells that the app proved itself with a certificate.
	certified bool
	attempt   *sandbox.SignIn
}

// granted is what a grant comes to.
type granted struct {
	resource Resource
	name     string   // the resource, as it was asked for
	scopes   []string // delegated permissions; none for an application's own token
	user     *User    // nil: the application itself
	// approval is what a refresh token is given for; nil: none is given.
	approval *approval
	// nonce goes into the id token, if the scopes ask for one.
	nonce string
}

// token serves the token endpoint. What it does not know, in the form and in the query, is ignored.
func (d *Directory) token(call *sandbox.Call, tenant string) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return d.refusal(newTokenError(900561, "The endpoint only accepts POST requests. Received a %s request.",
			call.Request.Method)).answer()
	}
	form, err := url.ParseQuery(string(call.Body))
	if err != nil {
		return d.refusal(newTokenError(9002313, "")).answer()
	}
	if answer, ok := d.echo(call, form); ok {
		return answer
	}
	r := &request{
		directory: d, form: form, client: form.Get("client_id"), secret: form.Get("client_secret"),
		attempt: &sandbox.SignIn{Scheme: form.Get("grant_type")},
	}
	if user, password, ok := call.Request.BasicAuth(); ok { // RFC 6749, 2.3.1: both are form-encoded inside
		r.client, r.secret = unescape(user), unescape(password)
	}
	r.attempt.User = r.client
	r.attempt.Secret = cmp.Or(form.Get("refresh_token"), form.Get("code"), r.secret, form.Get("client_assertion"))
	var result *granted
	var no *tokenError
	if f, ok := call.Fault(KindError); ok {
		no = scripted(f)
	} else {
		result, no = r.serve(tenant)
	}
	if no != nil {
		answer := d.refusal(no).answer()
		r.attempt.Reason = cmp.Or(no.reason, no.text())
		call.RecordSignIn(*r.attempt)
		return answer
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	call.SetUser(r.attempt.User, r.attempt.User)
	return d.grantAnswer(r, result)
}

func unescape(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

// serve finds out who asks and for what, in Entra's order.
func (r *request) serve(tenant string) (*granted, *tokenError) {
	grant := r.form.Get("grant_type")
	for _, field := range []string{"grant_type", "client_id"} {
		if r.form.Get(field) == "" && (field != "client_id" || r.client == "") {
			return nil, newTokenError(900144, "The request body must contain the following parameter: '%s'.", field)
		}
	}
	serve, known := map[string]func(*request) (*granted, *tokenError){
		GrantClientCredentials: clientCredentials, GrantRefreshToken: refreshToken, GrantCode: authorizationCode,
	}[grant]
	if !known {
		return nil, newTokenError(70003, "The app requested an unsupported grant type '%s'.", grant)
	}
	if no := r.locate(tenant); no != nil {
		return nil, no
	}
	if no := r.authenticate(); no != nil {
		return nil, no
	}
	if !r.app.Enabled {
		return nil, newTokenError(7000112, "Application '%s'(%s) is disabled.", r.app.ClientID, r.app.Name)
	}
	return serve(r)
}

// locate finds the tenant and the app in it.
func (r *request) locate(tenant string) *tokenError {
	s := r.directory.state
	app := s.app(r.client)
	if slices.Contains(several, strings.ToLower(tenant)) {
		return newTokenError(50194, "Application '%s' is not configured as a multi-tenant application. Usage of the /%s endpoint is not "+
			"supported for such applications.", r.client, tenant)
	}
	found := s.tenant(tenant)
	switch {
	case found == nil:
		return unknownTenant(tenant)
	case app == nil || app.TenantID != found.ID:
		return newTokenError(700016, "Application with identifier '%s' was not found in the directory '%s'. This can happen if the "+
			"application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
			r.client, found.Name)
	}
	r.tenant, r.app = *found, app.clone()
	return nil
}

// authenticate checks what the app proves itself with.
func (r *request) authenticate() *tokenError {
	assertion := r.form.Get("client_assertion")
	switch {
	case assertion != "":
		r.certified = true
		return r.verify(assertion)
	case r.secret == "":
		return newTokenError(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	i := slices.IndexFunc(r.app.Secrets, func(s Secret) bool { return s.Value == r.secret })
	switch {
	case i < 0:
		return newTokenError(7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "+
			"value, not the client secret ID, for a secret added to app '%s'.", r.app.ClientID).because("wrong client secret")
	case !r.app.Secrets[i].Expires.IsZero() && !r.directory.now().Before(r.app.Secrets[i].Expires):
		return newTokenError(7000222, "The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new "+
			"keys for your app, or consider using certificate credentials for added security.", r.app.ClientID)
	}
	return nil
}
