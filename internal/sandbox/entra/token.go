package entra

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The grants of the token endpoint, as they appear in the record.
const (
	GrantClientCredentials = "client_credentials"
	GrantRefreshToken      = "refresh_token"
	GrantCode              = "authorization_code"
)

// request is a request for a token.
type request struct {
	directory *Directory
	tenant    Tenant
	app       App
	form      url.Values
	client    string
	secret    string
	// byCertificate is set if the app signed in with a certificate.
	byCertificate bool
	attempt       *sandbox.SignIn
}

// grantResult is the result of a grant.
type grantResult struct {
	resource Resource
	name     string   // the resource, as the client named it
	scopes   []string // delegated permissions; nil for an application's own token
	openID   bool     // the scopes request an id token
	user     *User    // nil: the application itself
	nonce    string   // of the request of the id token; empty means none
	// approval is what a refresh token is issued for; nil means no refresh token.
	approval *approval
}

// token serves the token endpoint. It ignores unknown fields of the form and the query.
func (d *Directory) token(call *sandbox.Call, tenant string) sandbox.Response {
	if call.Request.Method != http.MethodPost {
		return d.errorResponse(aadsts(900561, "The endpoint only accepts POST requests. Received a %s request.",
			call.Request.Method))
	}
	form, err := call.Form()
	if err != nil {
		return d.errorResponse(aadsts(9002313, ""))
	}
	if response, ok := d.echo(call, form); ok {
		return response
	}
	r := &request{directory: d, form: form, attempt: &sandbox.SignIn{Scheme: form.Get("grant_type")}}
	r.client, r.secret = call.Client(form)
	r.attempt.User = r.client
	r.attempt.Secret = cmp.Or(form.Get("refresh_token"), form.Get("code"), r.secret, form.Get("client_assertion"))
	var result *grantResult
	var tokenErr *tokenError
	if f, ok := call.Fault(KindError); ok {
		tokenErr = scriptedError(f)
	} else {
		result, tokenErr = r.grant(tenant)
	}
	if tokenErr != nil {
		response := d.errorResponse(tokenErr)
		r.attempt.Reason = cmp.Or(tokenErr.reason, tokenErr.text())
		call.RecordSignIn(*r.attempt)
		return response
	}
	r.attempt.Accepted = true
	call.RecordSignIn(*r.attempt)
	call.SetUser(r.attempt.User, r.attempt.User)
	return d.tokenResponse(r, result)
}

// grant checks the client and the request in Entra's order, and runs the grant.
func (r *request) grant(tenant string) (*grantResult, *tokenError) {
	grantType := r.form.Get("grant_type")
	for _, field := range []string{"grant_type", "client_id"} {
		if r.form.Get(field) == "" && (field != "client_id" || r.client == "") {
			return nil, aadsts(900144, "The request body must contain the following parameter: '%s'.", field)
		}
	}
	run, known := map[string]func(*request) (*grantResult, *tokenError){
		GrantClientCredentials: clientCredentials, GrantRefreshToken: refreshToken, GrantCode: authorizationCode,
	}[grantType]
	if !known {
		return nil, aadsts(70003, "The app requested an unsupported grant type '%s'.", grantType)
	}
	if tokenErr := r.findTenantAndApp(tenant); tokenErr != nil {
		return nil, tokenErr
	}
	if tokenErr := r.authenticate(); tokenErr != nil {
		return nil, tokenErr
	}
	if !r.app.Enabled {
		return nil, aadsts(7000112, "Application '%s'(%s) is disabled.", r.app.ClientID, r.app.Name)
	}
	return run(r)
}

// findTenantAndApp finds the tenant and its app.
func (r *request) findTenantAndApp(tenant string) *tokenError {
	s := &r.directory.state
	app := s.app(r.client)
	if slices.Contains(multiTenantNames, strings.ToLower(tenant)) {
		return aadsts(50194, "Application '%s' is not configured as a multi-tenant application. Usage of the /%s endpoint is not "+
			"supported for such applications.", r.client, tenant)
	}
	found := s.tenant(tenant)
	switch {
	case found == nil:
		return unknownTenant(tenant)
	case app == nil || app.TenantID != found.ID:
		return aadsts(700016, "Application with identifier '%s' was not found in the directory '%s'. This can happen if the "+
			"application has not been installed by the administrator of the tenant or consented to by any user in the tenant.",
			r.client, found.Name)
	}
	r.tenant, r.app = *found, app.clone()
	return nil
}

// authenticate verifies the credentials of the app.
func (r *request) authenticate() *tokenError {
	assertion := r.form.Get("client_assertion")
	switch {
	case r.app.Public && assertion == "" && r.secret == "":
		return nil
	case r.app.Public:
		return aadsts(700025, "Client is public so neither 'client_assertion' nor 'client_secret' should be presented.")
	case assertion != "":
		r.byCertificate = true
		return r.verifyAssertion(assertion)
	case r.secret == "":
		return aadsts(7000218, "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.")
	}
	i := slices.IndexFunc(r.app.Secrets, func(s Secret) bool { return s.Value == r.secret })
	switch {
	case i < 0:
		return aadsts(7000215, "Invalid client secret provided. Ensure the secret being sent in the request is the client secret "+
			"value, not the client secret ID, for a secret added to app '%s'.", r.app.ClientID).withReason("wrong client secret")
	case !r.app.Secrets[i].Expires.IsZero() && !r.directory.now().Before(r.app.Secrets[i].Expires):
		return aadsts(7000222, "The provided client secret keys for app '%s' are expired. Visit the Azure portal to create new "+
			"keys for your app, or consider using certificate credentials for added security.", r.app.ClientID)
	}
	return nil
}
