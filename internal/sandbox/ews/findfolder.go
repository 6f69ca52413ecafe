package ews

func findFolder(r *request) *element {
	wanted := readShape(r.body.child("FolderShape"))
	var messages []*element
	for _, id := range r.body.child("ParentFolderIds").all() {
		result, soapErr := r.foldersIn(id)
		if soapErr != nil {
			messages = append(messages, failure("FindFolderResponseMessage", soapErr))
			continue
		}
		list := el("t:Folders")
		for _, p := range result.rows {
			list.add(r.service.folder(p, wanted))
		}
		found := result.addPaging(el("m:RootFolder", list), r.body.child("IndexedPageFolderView") != nil)
		messages = append(messages, success("FindFolderResponseMessage", found))
	}
	return response("FindFolder", messages...)
}

func (r *request) foldersIn(id *node) (page[location], *soapError) {
	if r.failed != nil {
		return page[location]{}, r.failed
	}
	parent, soapErr := r.resolveFolder(id)
	if soapErr != nil {
		return page[location]{}, soapErr
	}
	found, soapErr := restrict(children(parent, r.body.attr("Traversal") != "Deep"), r.body.child("Restriction"),
		func(p location) propertyLookup {
			return values(p, r.service.folderProperties(), r.service.folderExtended)
		})
	if soapErr != nil {
		return page[location]{}, soapErr
	}
	return paginate(found, r.body.child("IndexedPageFolderView")), nil
}
