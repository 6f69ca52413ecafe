package oauthpages

import (
	"bytes"
	"html/template"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The values of the buttons. Each is the step that the form continues with.
const (
	stepUser     = "user"
	stepPassword = "password"
	stepAllow    = "allow"
	stepDeny     = "deny"
	stepCancel   = "cancel"

	// StepAnother starts a sign-in with a different account, StepReturn ends the visit with the vendor's error for
	// [Returned].
	StepAnother = "another"
	StepReturn  = "return"
)

// Page is a page of an authorization server.
type Page struct {
	Brand, Title, Heading string
	// Error is the text of a rejected sign-in.
	Error string
	Text  []string
	// Buttons send the form to the address of the page.
	Buttons []Button

	account  Account // who is signed in; the zero value means nobody
	fields   []field
	hidden   []field
	accounts []Account
	items    []Item
	checkbox string // the label of the approval for all users
}

// Button is a button of a form, with the step that it continues with.
type Button struct{ Step, Label string }

// field is an input of a form.
type field struct{ Name, Label, Value, Type, Autocomplete string }

// Response returns the page.
func (p Page) Response(status int) sandbox.Response {
	var body bytes.Buffer
	err := pageTemplate.Execute(&body, map[string]any{
		"Page": p, "Account": p.account, "Fields": p.fields, "Hidden": p.hidden, "Accounts": p.accounts, "Items": p.items,
		"Checkbox": p.checkbox,
	})
	if err != nil { // the template fits its data
		return sandbox.Response{Status: http.StatusInternalServerError, Header: http.Header{}}
	}
	header := http.Header{"Content-Type": {"text/html; charset=utf-8"}, "Cache-Control": {"no-store"}}
	return sandbox.Response{Status: status, Header: header, Body: body.Bytes()}
}

// pageTemplate is the HTML of all pages. The first button is the one of the Enter key.
var pageTemplate = template.Must(template.New("page").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{.Page.Title}}</title>
<style>
body { font: 1rem/1.5 sans-serif; max-width: 26rem; margin: 2rem auto; padding: 0 1rem; color: #222; background: #fff }
label { display: block; margin: .75rem 0 }
input[type=text], input[type=password] { width: 100%; font: inherit; box-sizing: border-box }
button { font: inherit; padding: .25rem 1rem; margin: .25rem .5rem .25rem 0 } .error { color: #a00 }
</style>
</head>
<body>
<main>
<p>{{.Page.Brand}}</p>
<h1>{{.Page.Heading}}</h1>
{{with .Page.Error}}<p class="error" role="alert">{{.}}</p>
{{end}}{{range .Page.Text}}<p>{{.}}</p>
{{end}}{{with .Account.Username}}<p id="account">{{.}}</p>
{{end}}{{if .Page.Buttons}}<form method="post">
{{range .Hidden}}<input type="hidden" name="{{.Name}}" value="{{.Value}}">
{{end}}{{range .Fields}}<label>{{.Label}}
<input type="{{.Type}}" name="{{.Name}}" value="{{.Value}}" autocomplete="{{.Autocomplete}}" required></label>
{{end}}{{range .Accounts}}<p><button name="account" value="{{.ID}}">{{.Name}} ({{.Username}})</button></p>
{{end}}{{range .Items}}{{if .Optional}}<label><input type="checkbox" name="scope" value="{{.Scope}}" checked> {{.Text}}</label>
{{else}}<p>{{.Text}}</p>
{{end}}{{end}}{{with .Checkbox}}<label><input type="checkbox" name="organization" value="true"> {{.}}</label>
{{end}}{{range $i, $button := .Page.Buttons -}}
<button name="step" value="{{.Step}}"{{if $i}} formnovalidate{{end}}>{{.Label}}</button>
{{end}}</form>
{{end}}</main>
</body>
</html>
`))

// askUser is the sign-in page: with both fields, or with the user name only.
func (v *visit) askUser(username, text string) sandbox.Response {
	p := v.signInPage(text)
	p.fields = []field{{v.style.UserField, v.style.UserLabel, username, "text", "username"}}
	if v.style.TwoSteps {
		p.Buttons = append([]Button{{stepUser, v.style.Next}}, p.Buttons...)
		return p.Response(http.StatusOK)
	}
	return v.withPassword(p)
}

// passwordPage is the second page of a sign-in with two pages.
func (v *visit) passwordPage(username, text string) sandbox.Response {
	p := v.signInPage(text)
	p.account.Username = username
	p.hidden = []field{{Name: v.style.UserField, Value: username}}
	return v.withPassword(p)
}

func (v *visit) withPassword(p Page) sandbox.Response {
	p.fields = append(p.fields, field{v.style.PasswordField, v.style.PasswordLabel, "", "password", "current-password"})
	p.Buttons = append([]Button{{stepPassword, v.style.SignIn}}, p.Buttons...)
	return p.Response(http.StatusOK)
}

func (v *visit) signInPage(text string) Page {
	p := Page{Brand: v.style.Brand, Title: v.style.Title, Heading: v.style.SignIn, Error: text}
	if v.style.Cancel != "" {
		p.Buttons = []Button{{stepCancel, v.style.Cancel}}
	}
	return p
}

// choose is the account chooser.
func (v *visit) choose() sandbox.Response {
	p := Page{
		Brand: v.style.Brand, Title: v.style.Title, Heading: v.style.Choose, Buttons: []Button{{StepAnother, v.style.Another}},
	}
	for _, id := range v.browser.accounts {
		if account := v.vendor.Find(id); account != nil {
			p.accounts = append(p.accounts, *account)
		}
	}
	return p.Response(http.StatusOK)
}

// consentPage asks a signed-in account for its approval.
func (v *visit) consentPage(consent Consent, account Account, ticket string) sandbox.Response {
	return Page{
		Brand: v.style.Brand, Title: consent.Heading, Heading: consent.Heading, Text: consent.Text,
		Buttons: []Button{{stepAllow, consent.Allow}, {stepDeny, consent.Deny}},
		account: account, items: consent.Items, checkbox: consent.Organization,
		hidden: []field{{Name: "ticket", Value: ticket}},
	}.Response(http.StatusOK)
}
