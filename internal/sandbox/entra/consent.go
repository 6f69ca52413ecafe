package entra

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/oauthpages"
)

// granted are delegated permissions by the app id of the API.
type granted map[string][]string

// add adds permissions.
func (g granted) add(more granted) granted {
	all := maps.Clone(g)
	if all == nil {
		all = granted{}
	}
	for api, scopes := range more {
		list := slices.Clone(all[api])
		for _, scope := range scopes {
			if !slices.Contains(list, scope) {
				list = append(list, scope)
			}
		}
		all[api] = list
	}
	return all
}

// contains reports whether all the permissions of some are in g.
func (g granted) contains(some granted) bool {
	for api, scopes := range some {
		if slices.ContainsFunc(scopes, func(scope string) bool { return !slices.Contains(g[api], scope) }) {
			return false
		}
	}
	return true
}

// permissions returns the permissions that scopes request. The scopes may be those of several APIs. The scope .default
// requests those that are listed in the registration.
func (d *Directory) permissions(r *request, scopes []string) (granted, *tokenError) {
	all := granted{}
	for _, scope := range scopes {
		if slices.Contains(identityScopes, scope) {
			continue
		}
		found, tokenErr := r.resolveScopes([]string{scope})
		if tokenErr != nil {
			return nil, tokenErr
		}
		api := found.resource.AppID
		wanted := found.scopes
		if strings.HasSuffix("/"+scope, defaultScope) {
			wanted = granted(r.app.Permissions)[api]
		}
		all = all.add(granted{api: wanted})
	}
	return all, nil
}

// consented returns the permissions of an app that an administrator granted for all users, or the user itself.
func (d *Directory) consented(app App, userID string) granted {
	all := granted{}
	for api, consent := range app.Consents {
		all[api] = consent.Scopes
	}
	return all.add(d.state.userConsents[userID+" "+app.ClientID])
}

// isRestricted reports whether only an administrator can grant one of the permissions.
func (d *Directory) isRestricted(wanted granted) bool {
	for api, scopes := range wanted {
		resource := d.state.resource(api)
		if resource != nil && slices.ContainsFunc(scopes, func(s string) bool { return slices.Contains(resource.AdminScopes, s) }) {
			return true
		}
	}
	return false
}

// Consent returns the page with the permissions of the app, the page for users who need an administrator, or an error.
func (v authorizeVendor) Consent(
	r *oauthpages.Request, account oauthpages.Account,
) (oauthpages.Consent, *sandbox.Response) {
	d, user := v.directory, v.directory.Find(account.ID)
	find := &request{directory: d, client: r.Query.Get("client_id")}
	wanted, tokenErr := find.wanted(r, user)
	if tokenErr != nil {
		response := d.authorizeError(r, tokenErr)
		return oauthpages.Consent{}, &response
	}
	consent := oauthpages.Consent{
		Needed:  r.Endpoint == opAdminConsent || !d.consented(find.app, user.ID).contains(wanted),
		Heading: "Permissions requested", Text: []string{find.app.Name, "This app would like to:"},
		Allow: "Accept", Deny: "Cancel",
	}
	asks := (consent.Needed || r.Prompts("consent")) && !r.Prompts("none")
	onlyAdmins := r.Endpoint == opAdminConsent || find.tenant.AdminConsent || d.isRestricted(wanted)
	if asks && onlyAdmins && !user.Admin {
		response := needsAdmin(find.app.Name)
		return oauthpages.Consent{}, &response
	}
	if user.Admin && r.Endpoint == opAuthorize {
		consent.Organization = "Consent on behalf of your organization"
	}
	for _, scope := range r.Scopes {
		consent.Items = append(consent.Items, oauthpages.Item{Scope: scope, Text: scopeText(scope)})
	}
	return consent, nil
}

// wanted finds the tenant and the app of a request, and returns the permissions that it requests of a user of the tenant.
func (r *request) wanted(from *oauthpages.Request, user *User) (granted, *tokenError) {
	if tokenErr := r.findTenantAndApp(from.Realm); tokenErr != nil {
		return nil, tokenErr
	}
	if user.TenantID != r.tenant.ID {
		return nil, r.checkUser(user)
	}
	return r.directory.permissions(r, from.Scopes)
}

// scopeText returns the line of the consent page for a scope.
func scopeText(scope string) string {
	texts := map[string]string{
		"openid": "Sign you in", "profile": "View your basic profile", "email": "View your email address",
		"offline_access": "Maintain access to data you have given it access to",
		"User.Read":      "Sign you in and read your profile",
	}
	if text, ok := texts[scope[strings.LastIndex(scope, "/")+1:]]; ok {
		return text
	}
	return "Have the permission " + scope
}

// needsAdmin is the page for a user who may not grant the permissions (application-sign-in-unexpected-user-consent-error).
func needsAdmin(app string) sandbox.Response {
	return oauthpages.Page{
		Brand: "Microsoft", Title: "Sign in to your account", Heading: "Need admin approval",
		Text: []string{"AADSTS90094: " + app + " needs permission to access resources in your organization that only an admin can " +
			"grant. Please ask an admin to grant permission to this app before you can use it."},
		Buttons: []oauthpages.Button{
			{Step: oauthpages.StepAnother, Label: "Have an admin account? Sign in with that account"},
			{Step: oauthpages.StepReturn, Label: "Return to the application without granting consent"},
		},
	}.Response(http.StatusOK)
}

// Finish stores the approval and returns a code to the client, or the confirmation of an administrator's approval.
func (v authorizeVendor) Finish(r *oauthpages.Request, account oauthpages.Account, d oauthpages.Decision) url.Values {
	directory := v.directory
	app := directory.state.app(r.Query.Get("client_id"))
	if d.Shown {
		wanted, _ := directory.permissions(&request{directory: directory, app: *app}, r.Scopes) // Consent has checked it
		directory.approve(app, account.ID, wanted, d.Organization || r.Endpoint == opAdminConsent)
	}
	if r.Endpoint == opAdminConsent {
		return url.Values{"admin_consent": {"True"}, "tenant": {r.Realm}, "scope": {strings.Join(r.Scopes, " ")}}
	}
	challenge, _ := oauthpages.ReadChallenge(r.Query, "plain") // Read has checked it
	code := "1.A" + sandbox.Random(4)
	directory.pages.Issue(code, oauthpages.Code{
		ClientID: app.ClientID, AccountID: account.ID, RedirectURI: r.RedirectURI, Scopes: d.Scopes, Challenge: challenge,
		Query: r.Query,
	})
	return url.Values{"code": {code}, "session_state": {d.SessionState}}
}

// approve stores an approval: of a user, or of an administrator for all users.
func (d *Directory) approve(app *App, userID string, wanted granted, organization bool) {
	if !organization {
		key := userID + " " + app.ClientID
		d.state.userConsents[key] = d.state.userConsents[key].add(wanted)
		return
	}
	if app.Consents == nil {
		app.Consents = map[string]Consent{}
	}
	for api, scopes := range wanted {
		consent := app.Consents[api]
		consent.Scopes = granted{api: consent.Scopes}.add(granted{api: scopes})[api]
		app.Consents[api] = consent
	}
}
