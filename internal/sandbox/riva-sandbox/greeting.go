package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
)

// greet says where everything is and what to do with it.
func greet(out io.Writer, server *exchange.Server, control, tfvars string) error {
	service := server.Service()
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }

	say("A stand-in for Microsoft Exchange is running. It is for trying things out: nothing in it is real.")
	say("")
	say("  EWS address   %s   (Basic and NTLM)", server.URL())
	say("  user name     %s   or %s", service.Email, service.Login())
	if tfvars == "" {
		say("  password      %s", service.Password)
	} else {
		say("  password      in %s", tfvars)
	}
	say("  mailboxes     %s", strings.Join(users(server), ", "))
	say("  control       %s", control)
	if ca := server.CA(); ca != "" && tfvars == "" {
		say("\nThe certificate authority to trust:\n\n%s", ca)
	}
	if tfvars != "" {
		say("\nTerraform's variables are in %s until this program stops. In its directory:\n\n  terraform apply", tfvars)
	}
	say("\nBreak it and mend it from another terminal:\n")
	for _, line := range [][2]string{
		{"the service account gets another password", fmt.Sprintf(
			`curl -X PATCH %s/exchange/accounts/%s -d '{"password":"another one"}'`, control, service.Email)},
		{"it may no longer impersonate", fmt.Sprintf(
			`curl -X PATCH %s/exchange/accounts/%s -d '{"impersonation":false}'`, control, service.Email)},
		{"Exchange is down, then up again", fmt.Sprintf(`curl -X POST %[1]s/exchange/down; curl -X POST %[1]s/exchange/up`, control)},
		{"it asks the next two calls to slow down", fmt.Sprintf(`curl -X POST %s/exchange/throttle -d '{"times":2}'`, control)},
		{"everything as at the start", fmt.Sprintf(`curl -X POST %s/exchange/reset`, control)},
		{"who signed in, and was refused", fmt.Sprintf(`curl %s/exchange/sign-ins`, control)},
	} {
		say("  # %s\n  %s", line[0], line[1])
	}
	say("\nMore: internal/sandbox/README.md. Ctrl-C stops it.")
	_, err := io.WriteString(out, b.String())
	return err
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
