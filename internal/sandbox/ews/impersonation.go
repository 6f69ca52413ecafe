package ews

import "strings"

// impersonate makes the request act as the user of the header, if that user exists and the actor has the right.
func (r *request) impersonate(header *node) error {
	sid := header.child("ConnectingSID")
	if len(sid.all()) != 1 {
		return violation(header.line, "The element 'ConnectingSID' has incomplete or invalid content.")
	}
	user := sid.children[0]
	target, err := r.service.impersonated(user.name, user.value())
	if err != nil {
		return err
	}
	if !r.actor.Impersonation {
		return newSOAPError("ErrorImpersonateUserDenied")
	}
	r.caller = target
	return nil
}

// impersonated finds the user by one of the four kinds of identifiers.
func (s *Service) impersonated(kind, value string) (Account, error) {
	missing := map[string]string{
		"PrincipalName": "ErrorInvalidUserPrincipalName", "SID": "ErrorInvalidUserSid",
		"PrimarySmtpAddress": "ErrorNonExistentMailbox", "SmtpAddress": "ErrorNonExistentMailbox",
	}
	code, ok := missing[kind]
	if !ok {
		return Account{}, violation(1, "The element 'ConnectingSID' has invalid child element '%s'.", kind)
	}
	account, found := s.directory.lookup(func(a Account) bool {
		switch kind {
		case "PrincipalName":
			return strings.EqualFold(value, a.Principal)
		case "SID":
			return strings.EqualFold(value, a.SID)
		default:
			return a.hasAddress(value)
		}
	})
	switch {
	case !found:
		return Account{}, newSOAPError(code)
	case !account.Mailbox:
		return Account{}, newSOAPError("ErrorNonExistentMailbox")
	case kind == "PrimarySmtpAddress" && !strings.EqualFold(value, account.Email):
		p := newSOAPError("ErrorNonPrimarySmtpAddress")
		p.values = []string{"Primary", account.Email}
		return Account{}, p
	}
	return account, nil
}
