package ews

// convertID answers with the real primary address of the mailbox that an identifier belongs to, whatever mailbox the
// client names: this is how clients find out as whom they are signed in. Only the format that EWS itself uses is known.
func convertID(r *request) *element {
	var messages []*element
	for _, source := range r.body.child("SourceIds").all() {
		p, err := r.service.locate(source.attr("Id"))
		var problem *soapError
		switch {
		case r.failed != nil:
			problem = r.failed
		case err != nil:
			problem = newSOAPError("ErrorInvalidIdMalformed")
		default:
			problem = r.open(p)
		}
		if problem != nil {
			messages = append(messages, failure("ConvertIdResponseMessage", problem))
			continue
		}
		id := el("m:AlternateId").with("xsi:type", "t:AlternateIdType").with("Format", r.body.attr("DestinationFormat")).
			with("Id", p.id()).with("Mailbox", p.owner.Email)
		messages = append(messages, success("ConvertIdResponseMessage", id))
	}
	return response("ConvertId", messages...)
}
