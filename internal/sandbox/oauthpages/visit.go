package oauthpages

import (
	"net/http"
	"net/url"
	"slices"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// visit is one call of a browser to the authorize endpoint.
type visit struct {
	*Pages

	call    *sandbox.Call
	style   Style
	request *Request
	browser *browser
}

// Serve serves a call to the authorize endpoint: the first page for a GET, and the next one for a submitted form.
func (p *Pages) Serve(call *sandbox.Call) sandbox.Response {
	request, rejection := p.vendor.Read(call)
	if rejection != nil {
		return *rejection
	}
	v := &visit{Pages: p, call: call, style: p.vendor.Style(), request: request, browser: p.browserOf(call)}
	response := v.serve()
	if p.browsers[v.browser.id] != nil {
		response.Header.Add("Set-Cookie", p.cookie(call, v.browser.id, 0).String())
	}
	return response
}

func (v *visit) serve() sandbox.Response {
	form, err := v.call.Form()
	if v.call.Request.Method != http.MethodPost || err != nil {
		return v.begin()
	}
	switch form.Get("step") {
	case stepUser:
		return v.askPassword(form.Get(v.style.UserField))
	case stepPassword:
		return v.checkPassword(form.Get(v.style.UserField), form.Get(v.style.PasswordField))
	case StepAnother:
		return v.askUser("", "")
	case stepAllow, stepDeny:
		return v.decide(form)
	case stepCancel:
		return v.end(Canceled)
	case StepReturn:
		return v.end(Returned)
	}
	if chosen := form.Get("account"); slices.Contains(v.browser.accounts, chosen) {
		return v.proceed(chosen)
	}
	return v.begin()
}

// begin answers a request of a client: with the account of the session, or with the first page.
func (v *visit) begin() sandbox.Response {
	hint, accounts := v.request.Query.Get("login_hint"), v.browser.accounts
	switch {
	case v.request.Prompts("login"):
		return v.askUser(hint, "")
	case v.request.Prompts("select_account") && len(accounts) > 0:
		return v.choose()
	case hint != "" && !v.style.HintFillsOnly:
		if account := v.vendor.Find(hint); account != nil && slices.Contains(accounts, account.ID) {
			return v.proceed(account.ID)
		}
		accounts = nil
	}
	switch {
	case len(accounts) == 1:
		return v.proceed(accounts[0])
	case len(accounts) > 1:
		return v.unlessSilent(InteractionRequired, v.choose)
	}
	return v.unlessSilent(LoginRequired, func() sandbox.Response { return v.askUser(hint, "") })
}

// unlessSilent returns a page, or ends a visit that may not show one.
func (v *visit) unlessSilent(end End, page func() sandbox.Response) sandbox.Response {
	if v.request.Prompts("none") {
		return v.end(end)
	}
	return page()
}

func (v *visit) end(end End) sandbox.Response { return v.vendor.Fail(v.request, v.style.Ends[end], "") }

// askPassword is the second page of a sign-in with two pages. An unknown user name is a rejected sign-in.
func (v *visit) askPassword(username string) sandbox.Response {
	if v.vendor.Find(username) == nil {
		return v.checkPassword(username, "")
	}
	return v.passwordPage(username, "")
}

// checkPassword checks a sign-in and goes on with the account. Otherwise it shows the page again.
func (v *visit) checkPassword(username, password string) sandbox.Response {
	account := v.vendor.Find(username)
	text, reason := v.vendor.Verify(account, password)
	v.call.RecordSignIn(sandbox.SignIn{Scheme: Scheme, User: username, Secret: password, Accepted: text == "", Reason: reason})
	switch {
	case text != "" && account != nil && v.style.TwoSteps:
		return v.passwordPage(username, text)
	case text != "" || account == nil:
		return v.askUser(username, text)
	}
	v.signIn(v.browser, *account)
	return v.proceed(account.ID)
}

// proceed goes on with a signed-in account: with the consent page, or back to the client.
func (v *visit) proceed(accountID string) sandbox.Response {
	account := v.vendor.Find(accountID)
	if account == nil {
		return v.askUser("", "")
	}
	v.call.SetUser(account.Username, account.Username)
	consent, response := v.vendor.Consent(v.request, *account)
	if response != nil {
		return *response
	}
	if !consent.Needed && !v.request.Prompts("consent") {
		decision := Decision{SessionState: v.browser.state}
		for _, item := range consent.Items {
			decision.grant(item)
		}
		return v.finish(*account, decision)
	}
	return v.unlessSilent(ConsentRequired, func() sandbox.Response {
		id := uuid.NewString()
		v.tickets[id] = ticket{browser: v.browser.id, query: v.call.Request.URL.RequestURI(), accountID: account.ID}
		return v.consentPage(consent, *account, id)
	})
}

func (d *Decision) grant(item Item) {
	if item.Scope != "" {
		d.Scopes = append(d.Scopes, item.Scope)
	}
}

// decide takes the decision of the consent page.
func (v *visit) decide(form url.Values) sandbox.Response {
	id := form.Get("ticket")
	shown, ok := v.tickets[id]
	if !ok || shown.browser != v.browser.id || shown.query != v.call.Request.URL.RequestURI() {
		return v.begin()
	}
	delete(v.tickets, id)
	account := v.vendor.Find(shown.accountID)
	if account == nil || form.Get("step") == stepDeny {
		return v.end(Denied)
	}
	v.call.SetUser(account.Username, account.Username)
	consent, response := v.vendor.Consent(v.request, *account)
	if response != nil {
		return *response
	}
	decision := Decision{
		Shown: true, Organization: consent.Organization != "" && form.Has("organization"), SessionState: v.browser.state,
	}
	for _, item := range consent.Items {
		if !item.Optional || slices.Contains(form["scope"], item.Scope) {
			decision.grant(item)
		}
	}
	return v.finish(*account, decision)
}

// finish returns to the client.
func (v *visit) finish(account Account, decision Decision) sandbox.Response {
	if f, ok := v.call.Fault(KindError); ok {
		return v.vendor.Fail(v.request, f.Code, f.Message)
	}
	return v.request.Redirect(v.vendor.Finish(v.request, account, decision))
}
