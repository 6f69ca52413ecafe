package ews

// neverExpires is Exchange's value for a password that does not expire.
const neverExpires = "9999-12-31T23:59:59.9999999"

// getPasswordExpirationDate returns a single message, without the list of the other operations.
func getPasswordExpirationDate(r *request) *element {
	const name = "GetPasswordExpirationDateResponse"
	account, known := r.caller, true
	if address := r.body.child("MailboxSmtpAddress").value(); address != "" {
		account, known = r.service.directory.lookup(func(a Account) bool { return a.hasAddress(address) })
	}
	soapErr := r.failed
	if soapErr == nil && !known {
		soapErr = newSOAPError("ErrorNonExistentMailbox")
	}
	var message *element
	if soapErr != nil {
		message = failure(name, soapErr, text("m:PasswordExpirationDate", "0001-01-01T00:00:00"))
	} else {
		expires := neverExpires
		if !account.PasswordExpires.IsZero() {
			expires = timestamp(account.PasswordExpires)
		}
		message = success(name, text("m:PasswordExpirationDate", expires))
	}
	return message.with("xmlns:m", nsMessages).with("xmlns:t", nsTypes)
}
