package entra

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// The operations with pages for a person.
const (
	opAuthorize    = "authorize"
	opAdminConsent = "adminconsent"
)

// authorizeVendor declares the pages of login.microsoftonline.com for a person (v2-oauth2-auth-code-flow,
// application-consent-experience, and v2-admin-consent for the approval of an administrator).
type authorizeVendor struct{ directory *Directory }

// authorizeCodes are the values of "error" of numbers whose value differs from that of the token endpoint.
var authorizeCodes = map[int]string{
	16000: "interaction_required", 50058: "login_required", 65001: "consent_required", 65004: "access_denied",
	90094: "access_denied",
}

// pageErrors are the numbers that Entra shows to the user instead of sending them to the client.
var pageErrors = []int{50011, 50020, 50105, 50194, 53003, 90002, 650056, 700016, 900144, 7000112}

// Style returns the texts of the pages.
func (authorizeVendor) Style() oauthpages.Style {
	return oauthpages.Style{
		Brand: "Microsoft", Title: "Sign in to your account", Cookie: "ESTSAUTH",
		UserField: "loginfmt", UserLabel: "Email, phone, or Skype", PasswordField: "passwd", PasswordLabel: "Password",
		Next: "Next", SignIn: "Sign in", TwoSteps: true, Cancel: "Cancel",
		Choose: "Pick an account", Another: "Use another account",
		Ends: map[oauthpages.End]string{
			oauthpages.Canceled: "access_denied", oauthpages.Denied: "65004", oauthpages.Returned: "90094",
			oauthpages.LoginRequired: "50058", oauthpages.InteractionRequired: "16000", oauthpages.ConsentRequired: "65001",
		},
	}
}

// Read reads the request of a client.
func (v authorizeVendor) Read(call *sandbox.Call) (*oauthpages.Request, *sandbox.Response) {
	d, query := v.directory, call.Request.URL.Query()
	r := &oauthpages.Request{
		Query: query, Endpoint: call.Operation, RedirectURI: query.Get("redirect_uri"),
		Scopes: strings.Fields(query.Get("scope")),
	}
	tokenErr := v.check(call, r)
	if tokenErr == nil {
		return r, nil
	}
	response := d.authorizeError(r, tokenErr)
	return nil, &response
}

// check returns the error of an invalid request. The tenant of a valid one becomes its realm.
func (v authorizeVendor) check(call *sandbox.Call, r *oauthpages.Request) *tokenError {
	required := []string{"client_id", "redirect_uri", "response_type", "scope"}
	if r.Endpoint == opAdminConsent {
		required = required[:2]
	}
	for _, name := range required {
		if r.Query.Get(name) == "" {
			return aadsts(900144, "The request body must contain the following parameter: '%s'.", name)
		}
	}
	find := &request{directory: v.directory, client: r.Query.Get("client_id")}
	tenant, _, _ := strings.Cut(strings.TrimPrefix(call.Request.URL.Path, "/"), "/")
	if tokenErr := find.findTenantAndApp(tenant); tokenErr != nil {
		return tokenErr
	}
	r.Realm = find.tenant.ID
	_, challengeErr := oauthpages.ReadChallenge(r.Query, "plain")
	switch {
	case !find.app.allowsRedirect(r.RedirectURI):
		return aadsts(50011, "The redirect URI '%s' specified in the request does not match the redirect URIs configured for the "+
			"application '%s'.", r.RedirectURI, find.app.ClientID)
	case !find.app.Enabled:
		return aadsts(7000112, "Application '%s'(%s) is disabled.", find.app.ClientID, find.app.Name)
	case r.Endpoint == opAuthorize && r.Query.Get("response_type") != "code":
		return aadsts(700054, "response_type '%s' is not enabled for the application.", r.Query.Get("response_type"))
	case challengeErr != nil:
		return aadsts(501491, "Invalid size or method of Code_Challenge parameter.")
	}
	_, tokenErr := v.directory.permissions(find, r.Scopes)
	return tokenErr
}

// allowsRedirect reports whether an address is registered. The port of a loopback address is ignored (reply-url,
// "Localhost exceptions").
func (a App) allowsRedirect(address string) bool {
	return slices.ContainsFunc(a.RedirectURIs, func(registered string) bool {
		return registered == address || oauthpages.MatchesLoopback(registered, address)
	})
}

// Find returns the account of a user, by principal name or id.
func (v authorizeVendor) Find(name string) *oauthpages.Account {
	user := v.directory.Find(name)
	if user == nil {
		return nil
	}
	return &oauthpages.Account{ID: user.ID, Username: user.UPN, Name: user.Name}
}

// Verify checks a password.
func (v authorizeVendor) Verify(account *oauthpages.Account, password string) (text, reason string) {
	if account == nil {
		return "This username may be incorrect. Make sure you typed it correctly. Otherwise, contact your admin.", "unknown user"
	}
	user := v.directory.Find(account.ID)
	switch {
	case user.Password != password:
		return "Your account or password is incorrect. If you don't remember your password, reset it now.", "wrong password"
	case !user.Enabled || user.Locked:
		return "Your account has been locked. Contact your support person to unlock it, then try again.",
			"the account is disabled or locked"
	case user.PasswordExpired:
		return "Your password has expired.", "the password is expired"
	case user.MFA:
		return "AADSTS50076: " + messages[50076], "a second factor is required"
	}
	return "", ""
}

// Fail returns an error to the client, or shows it to the user.
func (v authorizeVendor) Fail(r *oauthpages.Request, code, text string) sandbox.Response {
	tokenErr := scriptedError(sandbox.Fault{Code: code, Message: text})
	if r.Endpoint == opAdminConsent && slices.Contains([]string{"access_denied", "65004", "90094"}, code) {
		tokenErr = &tokenError{code: "permission_denied", message: "The admin canceled the request"}
	} else if code == "access_denied" && text == "" {
		tokenErr.message = "the user canceled the authentication"
	}
	return v.directory.authorizeError(r, tokenErr)
}

// authorizeError returns an error to the client, or shows it to the user.
func (d *Directory) authorizeError(r *oauthpages.Request, tokenErr *tokenError) sandbox.Response {
	if code, ok := authorizeCodes[tokenErr.number]; ok {
		tokenErr.code = code
	}
	body := d.errorBody(tokenErr)
	result := url.Values{}
	for _, name := range []string{"error", "error_description", "error_uri"} {
		if text, ok := body[name].(string); ok {
			result.Set(name, text)
		}
	}
	if !slices.Contains(pageErrors, tokenErr.number) {
		return r.Redirect(result)
	}
	return oauthpages.Page{
		Brand: "Microsoft", Title: "Sign in to your account", Heading: "Sorry, but we’re having trouble signing you in.",
		Text: []string{"AADSTS" + strconv.Itoa(tokenErr.number) + ": " + tokenErr.text()},
	}.Response(http.StatusOK)
}
