package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// greet says where everything is and what to do with it.
func greet(out io.Writer, s *standIns, tfvars string) error {
	mail, crm, app := s.exchange.Service(), s.salesforce.Service(), s.salesforce.App()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	secret := func(value string) string {
		if tfvars != "" {
			return "in " + tfvars
		}
		return value
	}

	say("Stand-ins for Microsoft Exchange and Salesforce are running. They are for trying things out: nothing in them is real.")
	say("\nExchange, with Basic and NTLM")
	say("  EWS address      %s", s.exchange.URL())
	say("  user name        %s   or %s", mail.Email, mail.Login())
	say("  password         %s", secret(mail.Password))
	say("  mailboxes        %s", strings.Join(users(s.exchange), ", "))
	say("\nSalesforce, with JWT bearer, client credentials (My Domain only), refresh token and web server flow")
	say("  login host       %s", s.salesforce.LoginURL())
	say("  My Domain        %s", s.salesforce.MyDomainURL())
	say("  user name        %s   in organization %s", crm.Username, crm.OrganizationID)
	say("  consumer key     %s", app.ConsumerKey)
	say("  consumer secret  %s", secret(app.Secret))
	say("\nControl            %s", s.control.URL())
	if tfvars != "" {
		say("\nTerraform's variables are in %s until this program stops, keys and tokens included.", tfvars)
		say("In its directory:\n\n  terraform apply")
	} else {
		for _, ca := range []string{s.exchange.CA(), s.salesforce.CA()} {
			if ca != "" {
				say("\nA certificate authority to trust:\n\n%s", ca)
			}
		}
	}
	say("\nBreak it and mend it from another terminal:\n")
	for _, order := range orders(s) {
		say("  # %s\n  %s", order[0], order[1])
	}
	say("\nMore: internal/sandbox/README.md. Ctrl-C stops it.")
	_, err := io.WriteString(out, b.String())
	return err
}

// orders are what one may want to do, and how.
func orders(s *standIns) [][2]string {
	order := func(method, path, body string) string {
		line := "curl"
		if method != "GET" {
			line += " -X " + method
		}
		line += " " + s.control.URL() + path
		if body != "" {
			line += " -d '" + body + "'"
		}
		return line
	}
	account := "/exchange/accounts/" + s.exchange.Service().Email
	user := "/salesforce/users/" + s.salesforce.Service().Username
	return [][2]string{
		{"the service account gets another password", order("PATCH", account, `{"password":"another one"}`)},
		{"it may no longer impersonate", order("PATCH", account, `{"impersonation":false}`)},
		{"Exchange is down, then up again", order("POST", "/exchange/down", "") + "; " + order("POST", "/exchange/up", "")},
		{"it asks the next two calls to slow down", order("POST", "/exchange/throttle", `{"times":2}`)},
		{"Salesforce revokes all tokens", order("POST", "/salesforce/revoke", "")},
		{"the service user loses the permission API Enabled", order("PATCH", user, `{"api_enabled":false}`)},
		{"somebody else signs in with client credentials", order("PATCH", "/salesforce/app", `{"run_as":"somebody@example.com"}`)},
		{"everything as at the start", order("POST", "/exchange/reset", "") + "; " + order("POST", "/salesforce/reset", "")},
		{"who signed in, and was refused", order("GET", "/salesforce/sign-ins", "")},
	}
}

// users are the addresses of everybody but the service account who has a mailbox.
func users(server *exchange.Server) []string {
	var emails []string
	for _, account := range server.Accounts()[1:] {
		if account.Mailbox {
			emails = append(emails, account.Email)
		}
	}
	return emails
}
