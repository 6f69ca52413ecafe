package office365

import (
	"bytes"
	"net/http"
	"regexp"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/entra"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/errortable"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/ews"
)

// ewsErrors returns the errors of EWS with the fields of this system. The calls carry an access token, so nothing that EWS
// reports is certain about the secret. The help steps in the table are for administrators of an Exchange server.
func ewsErrors(a target.Account) errortable.Table {
	names := map[string]string{ews.MailboxField: validationEmail, ews.PasswordField: "-", ews.AccessField: "-"}
	if !signsInUser(a) {
		names[ews.UsernameField] = entra.ClientID
	}
	rows := ews.Errors().Rename(names).Rows()
	for i, row := range rows {
		rows[i].Certain, rows[i].Help = false, ""
		if row.Fault == target.GivenCredentials {
			rows[i].Help = helpSignedInUser
		}
	}
	return errortable.New(rows...)
}

// helpSignedInUser is the help step about the account of the user who signed in.
const helpSignedInUser = "Entra admin center → Users → the user who signed in: check that the account is enabled and that its " +
	"password has not expired. Then let the user sign in again, and set the new refresh token in the connection."

// ewsClassifier maps the errors of EWS to faults.
func ewsClassifier(a target.Account) call.Classifier {
	return call.Classifier{Address: ewsURL, Errors: ewsErrors(a).With(tokenRows()...)}
}

// tokenRows are the categories of Exchange's header about a rejected access token.
func tokenRows() []errortable.Row {
	const clock = "Set the clock of this machine. Check that ews_url and authority_url belong to the cloud of the tenant."
	missing := errortable.Row{
		Code: "invalid_grant", Fault: target.InsufficientPermission, Field: entra.ClientID,
		Meaning: "The access token lacks a permission.",
		Help: "Entra admin center → App registrations → the app → API permissions: add full_access_as_app of Office 365 Exchange " +
			"Online (with refresh_token: EWS.AccessAsUser.All), then select Grant admin consent.",
	}
	scope := missing
	scope.Code = "invalid_scope"
	return []errortable.Row{
		{
			Code: "invalid_lifetime", Fault: target.GivenCredentials, NoField: true, Help: clock,
			Meaning: "The access token has expired, or is not valid yet.",
		},
		{
			Code: "invalid_resource", Fault: target.Misconfigured, Field: ewsURL, Help: clock,
			Meaning: "The access token is for another API.",
		},
		missing, scope,
	}
}

// diagnosticsPattern matches Exchange's header about a rejected token, such as
// 2000003;reason="The token has expired.";error_category="invalid_lifetime"
// (https://learn.microsoft.com/exchange/client-developer/exchange-web-services/
// instrumenting-client-requests-for-ews-and-rest-in-exchange).
var diagnosticsPattern = regexp.MustCompile(`reason="([^"]*)"(?:.*error_category="([^"]*)")?`)

// responseFault returns the fault of a response that is not from EWS itself. If EWS is disabled, the response
// is an empty 403 (not documented, but observed).
func (c *connection) responseFault(r call.Response) *target.Fault {
	if r.Status != http.StatusUnauthorized && r.Status != http.StatusForbidden {
		return nil
	}
	match := diagnosticsPattern.FindStringSubmatch(call.Start(r.Header.Get("X-Ms-Diagnostics")))
	switch {
	case match == nil && r.Status == http.StatusForbidden && len(bytes.TrimSpace(r.Body)) == 0:
		return &target.Fault{
			Code: target.InsufficientPermission, Field: api,
			Message: target.Say("Exchange Web Services are disabled for this tenant, mailbox or app, or the app is not on the tenant's " +
				"list of apps that may use them (HTTP 403)."),
		}
	case match == nil:
		return nil
	}
	return c.Classifier.FaultOf(r, &call.SystemError{Code: match[2], Message: match[1]})
}
