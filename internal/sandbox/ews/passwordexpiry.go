package ews

// never is what Exchange says of a password that does not expire.
const never = "9999-12-31T23:59:59.9999999"

// getPasswordExpirationDate answers in one message, without the list that other operations have.
func getPasswordExpirationDate(r *request) *element {
	const name = "GetPasswordExpirationDateResponse"
	account, known := r.caller, true
	if address := r.body.child("MailboxSmtpAddress").value(); address != "" {
		account, known = r.service.directory.lookup(func(a *Account) bool { return a.owns(address) })
	}
	problem := r.failed
	if problem == nil && !known {
		problem = newSOAPError("ErrorNonExistentMailbox")
	}
	var message *element
	if problem != nil {
		message = failure(name, problem, text("m:PasswordExpirationDate", "0001-01-01T00:00:00"))
	} else {
		expires := never
		if !account.PasswordExpires.IsZero() {
			expires = timestamp(account.PasswordExpires)
		}
		message = success(name, text("m:PasswordExpirationDate", expires))
	}
	return message.with("xmlns:m", nsMessages).with("xmlns:t", nsTypes)
}
