package ews

import "strconv"

func getFolder(r *request) *element {
	wanted := readShape(r.body.child("FolderShape"))
	var messages []*element
	for _, id := range r.body.child("FolderIds").all() {
		p, soapErr := r.resolveFolder(id)
		if r.failed != nil {
			soapErr = r.failed
		}
		if soapErr != nil {
			messages = append(messages, failure("GetFolderResponseMessage", soapErr, el("m:Folders")))
			continue
		}
		messages = append(messages, success("GetFolderResponseMessage", el("m:Folders", r.service.folder(p, wanted))))
	}
	return response("GetFolder", messages...)
}

// folder returns a folder in the requested shape.
func (s *Service) folder(p location, wanted shape) *element {
	return el("t:"+p.folder.element, render(p, wanted, s.folderProperties(), s.folderExtended)...)
}

// folderProperties are the properties in the order of BaseFolderType and its extensions.
func (s *Service) folderProperties() []property[location] {
	return []property[location]{
		{"folder:FolderId", idOnly, func(p location) *element {
			return text("t:FolderId", "").with("Id", p.id()).with("ChangeKey", changeKey)
		}},
		{"folder:ParentFolderId", always, func(p location) *element {
			if p.folder.parent == "" {
				return nil
			}
			return text("t:ParentFolderId", "").with("Id", p.parentID()).with("ChangeKey", changeKey)
		}},
		{"folder:FolderClass", always, fixed("FolderClass", func(p location) string { return p.folder.class })},
		{"folder:DisplayName", byDefault, fixed("DisplayName", func(p location) string { return p.folder.display })},
		{"folder:TotalCount", byDefault, fixed("TotalCount", func(p location) string {
			return strconv.Itoa(len(s.items(p)))
		})},
		{"folder:ChildFolderCount", byDefault, fixed("ChildFolderCount", func(p location) string {
			return strconv.Itoa(len(children(p, true)))
		})},
		{}, // extended properties
		{"folder:EffectiveRights", always, func(location) *element { return effectiveRights() }},
		{"folder:DistinguishedFolderId", always, fixed("DistinguishedFolderId", func(p location) string { return p.folder.id })},
		{"folder:UnreadCount", byDefault, func(p location) *element {
			if p.folder.element == "CalendarFolder" || p.folder.element == "ContactsFolder" {
				return nil
			}
			return text("t:UnreadCount", strconv.Itoa(s.unread(p)))
		}},
	}
}

// changeKey is the version of folders and items. It never changes here.
const changeKey = "AQAAABYAAAAAAAAAAAAAAAAAAAAAAAAAAAA="

func effectiveRights() *element {
	return el("t:EffectiveRights",
		text("t:CreateAssociated", "true"), text("t:CreateContents", "true"), text("t:CreateHierarchy", "true"),
		text("t:Delete", "true"), text("t:Modify", "true"), text("t:Read", "true"), text("t:ViewPrivateItems", "true"))
}

// folderExtended are the MAPI properties of folders that clients request.
func (s *Service) folderExtended(p location, key string) (string, bool) {
	switch key {
	case "0x3613": // PR_CONTAINER_CLASS
		return p.folder.class, p.folder.class != ""
	case "0x3001": // PR_DISPLAY_NAME
		return p.folder.display, true
	case "0x3602": // PR_CONTENT_COUNT
		return strconv.Itoa(len(s.items(p))), true
	case "0x3603": // PR_CONTENT_UNREAD
		return strconv.Itoa(s.unread(p)), true
	case "0x360a": // PR_SUBFOLDERS
		return strconv.FormatBool(len(children(p, false)) > 0), true
	case "0x6751": // PR_ARTICLE_NUM_NEXT
		return strconv.Itoa(len(s.items(p)) + 1), true
	case "0x670a", "0x3008": // PR_LOCAL_COMMIT_TIME_MAX, PR_LAST_MODIFICATION_TIME
		return timestamp(s.started), true
	}
	return "", false
}

// children are the direct subfolders of a folder, or all folders below it.
func children(p location, direct bool) []location {
	var found []location
	for _, f := range folders {
		if f.parent == p.folder.id && f.parent != "" {
			child := location{owner: p.owner, folder: f}
			found = append(found, child)
			if !direct {
				found = append(found, children(child, false)...)
			}
		}
	}
	return found
}
