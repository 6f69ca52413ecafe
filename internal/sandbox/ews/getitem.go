package ews

func getItem(r *request) *element {
	wanted := readShape(r.body.child("ItemShape"))
	if r.body.child("ItemShape", "IncludeMimeContent").value() == "true" {
		wanted.fields = append(wanted.fields, "item:MimeContent")
	}
	var messages []*element
	for _, id := range r.body.child("ItemIds").all() {
		i, problem := r.itemPlace(id)
		if r.failed != nil {
			problem = r.failed
		}
		if problem != nil {
			messages = append(messages, failure("GetItemResponseMessage", problem, el("m:Items")))
			continue
		}
		found := el("t:"+i.element, render(i, wanted, itemProperties, itemExtended)...)
		messages = append(messages, success("GetItemResponseMessage", el("m:Items", found)))
	}
	return response("GetItem", messages...)
}
