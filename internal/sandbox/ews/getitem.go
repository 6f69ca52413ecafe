package ews

func getItem(r *request) *element {
	wanted := readShape(r.body.child("ItemShape"))
	if r.body.child("ItemShape", "IncludeMimeContent").value() == "true" {
		wanted.fields = append(wanted.fields, "item:MimeContent")
	}
	var messages []*element
	for _, id := range r.body.child("ItemIds").all() {
		i, soapErr := r.resolveItem(id)
		if r.failed != nil {
			soapErr = r.failed
		}
		if soapErr != nil {
			messages = append(messages, failure("GetItemResponseMessage", soapErr, el("m:Items")))
			continue
		}
		found := el("t:"+i.element, render(i, wanted, itemProperties, itemExtended)...)
		messages = append(messages, success("GetItemResponseMessage", el("m:Items", found)))
	}
	return response("GetItem", messages...)
}
