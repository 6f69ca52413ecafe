package ews

func findFolder(r *request) *element {
	wanted := readShape(r.body.child("FolderShape"))
	var messages []*element
	for _, id := range r.body.child("ParentFolderIds").all() {
		result, problem := r.foldersIn(id)
		if problem != nil {
			messages = append(messages, failure("FindFolderResponseMessage", problem))
			continue
		}
		list := el("t:Folders")
		for _, p := range result.rows {
			list.add(r.service.folder(p, wanted))
		}
		found := result.describe(el("m:RootFolder", list), r.body.child("IndexedPageFolderView") != nil)
		messages = append(messages, success("FindFolderResponseMessage", found))
	}
	return response("FindFolder", messages...)
}

func (r *request) foldersIn(id *node) (page[place], *soapError) {
	if r.failed != nil {
		return page[place]{}, r.failed
	}
	parent, problem := r.folderPlace(id)
	if problem != nil {
		return page[place]{}, problem
	}
	found, problem := restrict(children(parent, r.body.attr("Traversal") != "Deep"), r.body.child("Restriction"),
		func(p place) lookup { return values(p, r.service.folderProperties(), r.service.folderExtended) })
	if problem != nil {
		return page[place]{}, problem
	}
	return cut(found, r.body.child("IndexedPageFolderView")), nil
}
