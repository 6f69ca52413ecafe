package ews

// convertID returns the primary address of the mailbox that an identifier belongs to, whatever mailbox the client
// names. Clients use it to find out which account they signed in as. The only known format is the one that EWS itself
// uses.
func convertID(r *request) *element {
	var messages []*element
	for _, source := range r.body.child("SourceIds").all() {
		p, err := r.service.parseID(source.attr("Id"))
		var soapErr *soapError
		switch {
		case r.failed != nil:
			soapErr = r.failed
		case err != nil:
			soapErr = newSOAPError("ErrorInvalidIdMalformed")
		default:
			soapErr = r.checkAccess(p)
		}
		if soapErr != nil {
			messages = append(messages, failure("ConvertIdResponseMessage", soapErr))
			continue
		}
		id := el("m:AlternateId").with("xsi:type", "t:AlternateIdType").with("Format", r.body.attr("DestinationFormat")).
			with("Id", p.id()).with("Mailbox", p.owner.Email)
		messages = append(messages, success("ConvertIdResponseMessage", id))
	}
	return response("ConvertId", messages...)
}
