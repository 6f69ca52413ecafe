package ews

import (
	"slices"
	"time"
)

// unlisted are properties that FindItem does not give, however it is asked; GetItem does.
var unlisted = []string{"item:MimeContent", "item:Body", "message:ToRecipients"}

// maxView is the longest time a CalendarView may span.
const maxView = 2 * 366 * 24 * time.Hour

func findItem(r *request) *element {
	wanted := readShape(r.body.child("ItemShape"))
	table := slices.DeleteFunc(slices.Clone(itemProperties), func(p property[item]) bool {
		return slices.Contains(unlisted, p.uri)
	})
	var messages []*element
	for _, id := range r.body.child("ParentFolderIds").all() {
		result, problem := r.itemsIn(id)
		if problem != nil {
			messages = append(messages, failure("FindItemResponseMessage", problem))
			continue
		}
		list := el("t:Items")
		for _, i := range result.rows {
			list.add(el("t:"+i.element, render(i, wanted, table, itemExtended)...))
		}
		found := result.describe(el("m:RootFolder", list), r.body.child("IndexedPageItemView") != nil)
		messages = append(messages, success("FindItemResponseMessage", found))
	}
	return response("FindItem", messages...)
}

func (r *request) itemsIn(id *node) (page[item], *soapError) {
	if r.failed != nil {
		return page[item]{}, r.failed
	}
	parent, problem := r.folderPlace(id)
	if problem != nil {
		return page[item]{}, problem
	}
	all := r.service.items(parent)
	if r.body.attr("Traversal") != "Shallow" {
		all = nil // there are no deleted and no associated items
	}
	if view := r.body.child("CalendarView"); view != nil {
		if all, problem = inView(parent, all, view); problem != nil {
			return page[item]{}, problem
		}
		return cut(all, view), nil
	}
	get := func(i item) lookup { return values(i, itemProperties, itemExtended) }
	if all, problem = restrict(all, r.body.child("Restriction"), get); problem != nil {
		return page[item]{}, problem
	}
	arrange(all, r.body.child("SortOrder"), get)
	return cut(all, r.body.child("IndexedPageItemView")), nil
}

// inView keeps the appointments that a CalendarView shows.
func inView(parent place, all []item, view *node) ([]item, *soapError) {
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
