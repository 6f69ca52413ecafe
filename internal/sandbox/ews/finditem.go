package ews

import (
	"slices"
	"time"
)

// getItemOnly are properties that FindItem never returns, unlike GetItem.
var getItemOnly = []string{"item:MimeContent", "item:Body", "message:ToRecipients"}

// maxView is the longest time span of a CalendarView.
const maxView = 2 * 366 * 24 * time.Hour

func findItem(r *request) *element {
	wanted := readShape(r.body.child("ItemShape"))
	table := slices.DeleteFunc(slices.Clone(itemProperties), func(p property[item]) bool {
		return slices.Contains(getItemOnly, p.uri)
	})
	var messages []*element
	for _, id := range r.body.child("ParentFolderIds").all() {
		result, soapErr := r.itemsIn(id)
		if soapErr != nil {
			messages = append(messages, failure("FindItemResponseMessage", soapErr))
			continue
		}
		list := el("t:Items")
		for _, i := range result.rows {
			list.add(el("t:"+i.element, render(i, wanted, table, itemExtended)...))
		}
		found := result.addPaging(el("m:RootFolder", list), r.body.child("IndexedPageItemView") != nil)
		messages = append(messages, success("FindItemResponseMessage", found))
	}
	return response("FindItem", messages...)
}

func (r *request) itemsIn(id *node) (page[item], *soapError) {
	if r.failed != nil {
		return page[item]{}, r.failed
	}
	parent, soapErr := r.resolveFolder(id)
	if soapErr != nil {
		return page[item]{}, soapErr
	}
	all := r.service.items(parent)
	if r.body.attr("Traversal") != "Shallow" {
		all = nil // there are no deleted and no associated items
	}
	if view := r.body.child("CalendarView"); view != nil {
		if all, soapErr = inView(parent, all, view); soapErr != nil {
			return page[item]{}, soapErr
		}
		return paginate(all, view), nil
	}
	get := func(i item) propertyLookup { return values(i, itemProperties, itemExtended) }
	if all, soapErr = restrict(all, r.body.child("Restriction"), get); soapErr != nil {
		return page[item]{}, soapErr
	}
	sortItems(all, r.body.child("SortOrder"), get)
	return paginate(all, r.body.child("IndexedPageItemView")), nil
}

// inView returns the appointments in the time span of a CalendarView.
func inView(parent location, all []item, view *node) ([]item, *soapError) {
	if parent.folder.element != "CalendarFolder" {
		return nil, newSOAPError("ErrorCalendarFolderIsInvalidForCalendarView")
	}
	start, errStart := parseTime(view.attr("StartDate"))
	end, errEnd := parseTime(view.attr("EndDate"))
	switch {
	case errStart != nil || errEnd != nil:
		return nil, newSOAPError("ErrorInvalidTimeInterval")
	case end.Before(start):
		return nil, newSOAPError("ErrorCalendarEndDateIsEarlierThanStartDate")
	case end.Sub(start) > maxView:
		return nil, newSOAPError("ErrorCalendarViewRangeTooBig")
	}
	return slices.DeleteFunc(all, func(i item) bool { return !i.at.Before(end) || !i.until.After(start) }), nil
}
