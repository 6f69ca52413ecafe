package ews

import (
	"fmt"
	"slices"
	"strings"
)

// rule is the content model of an element, from a complex or simple type of messages.xsd or types.xsd.
type rule struct {
	required []string            // attributes
	enums    map[string][]string // attributes with a closed list of values
	parts    []part              // the sequence of children; ignored if free is set
	values   []string            // the closed list of values of a simple type
	free     bool                // children are not checked
}

// part is one particle of a sequence: one of several elements, with its number of occurrences.
type part struct {
	space    string
	names    []string
	rule     *rule
	optional bool
	repeated bool
}

func one(space, name string, r *rule) part { return part{space: space, names: []string{name}, rule: r} }

func optional(space string, r *rule, names ...string) part {
	return part{space: space, names: names, rule: r, optional: true}
}

func repeated(r *rule, names ...string) part {
	return part{space: nsTypes, names: names, rule: r, repeated: true}
}

var (
	anything   = &rule{free: true}
	boolean    = &rule{values: []string{"true", "false", "1", "0"}}
	additional = &rule{parts: []part{{
		space: nsTypes, names: []string{"FieldURI", "IndexedFieldURI", "ExtendedFieldURI"}, rule: anything, repeated: true,
	}}}
	baseShape   = one(nsTypes, "BaseShape", &rule{values: []string{"IdOnly", "Default", "AllProperties", "PcxPeopleSearch"}})
	folderShape = &rule{parts: []part{baseShape, optional(nsTypes, additional, "AdditionalProperties")}}
	itemShape   = &rule{parts: []part{
		baseShape,
		optional(nsTypes, boolean, "IncludeMimeContent"),
		optional(nsTypes, &rule{values: []string{"Best", "HTML", "Text"}}, "BodyType"),
		optional(nsTypes, anything, "UniqueBodyType"), optional(nsTypes, anything, "NormalizedBodyType"),
		optional(nsTypes, boolean, "FilterHtmlContent"), optional(nsTypes, boolean, "ConvertHtmlCodePageToUTF8"),
		optional(nsTypes, anything, "InlineImageUrlTemplate"), optional(nsTypes, boolean, "BlockExternalImages"),
		optional(nsTypes, boolean, "AddBlankTargetToLinks"), optional(nsTypes, anything, "MaximumBodySize"),
		optional(nsTypes, additional, "AdditionalProperties"),
	}}
	folderIDs = &rule{parts: []part{{space: nsTypes, names: []string{"FolderId", "DistinguishedFolderId"}, repeated: true}}}
	itemIDs   = &rule{parts: []part{
		repeated(anything, "ItemId", "OccurrenceItemId", "RecurringMasterItemId", "RecurringMasterItemIdRanges"),
	}}
	indexed = &rule{
		required: []string{"Offset", "BasePoint"}, enums: map[string][]string{"BasePoint": {"Beginning", "End"}},
	}
	calendarView = &rule{required: []string{"StartDate", "EndDate"}}
	idFormats    = []string{"EwsLegacyId", "EwsId", "EntryId", "HexEntryId", "StoreId", "OwaId"}
)

// folderNames are the values of DistinguishedFolderIdNameType. A mailbox of the stand-in has a few of these folders.
var folderNames = strings.Fields(`calendar contacts deleteditems drafts inbox journal notes outbox sentitems tasks
	msgfolderroot publicfoldersroot root junkemail searchfolders voicemail recoverableitemsroot
	recoverableitemsdeletions recoverableitemsversions recoverableitemspurges recoverableitemsdiscoveryholds archiveroot
	archivemsgfolderroot archivedeleteditems archiveinbox archiverecoverableitemsroot
	archiverecoverableitemsdeletions archiverecoverableitemsversions archiverecoverableitemspurges
	archiverecoverableitemsdiscoveryholds syncissues conflicts localfailures serverfailures recipientcache
	quickcontacts conversationhistory adminauditlogs todosearch mycontacts directory imcontactlist peopleconnect
	favorites`)

// folderIDRules are the rules by element, because the two ways to name a folder have different attributes.
var folderIDRules = map[string]*rule{
	"FolderId": {required: []string{"Id"}},
	"DistinguishedFolderId": {
		required: []string{"Id"}, enums: map[string][]string{"Id": folderNames},
		parts: []part{optional(nsTypes, anything, "Mailbox")},
	},
}

// operationRules are the rules of the implemented operations, in the order of their types in messages.xsd.
var operationRules = map[string]*rule{
	"GetFolder": {parts: []part{one(nsMessages, "FolderShape", folderShape), one(nsMessages, "FolderIds", folderIDs)}},
	"FindFolder": {
		required: []string{"Traversal"}, enums: map[string][]string{"Traversal": {"Shallow", "Deep", "SoftDeleted"}},
		parts: []part{
			one(nsMessages, "FolderShape", folderShape),
			optional(nsMessages, indexed, "IndexedPageFolderView"),
			optional(nsMessages, anything, "Restriction"),
			one(nsMessages, "ParentFolderIds", folderIDs),
		},
	},
	"FindItem": {
		required: []string{"Traversal"}, enums: map[string][]string{"Traversal": {"Shallow", "SoftDeleted", "Associated"}},
		parts: []part{
			one(nsMessages, "ItemShape", itemShape),
			optional(nsMessages, nil, "IndexedPageItemView", "CalendarView", "ContactsView"),
			optional(nsMessages, anything, "GroupBy", "DistinguishedGroupBy"),
			optional(nsMessages, anything, "Restriction"), optional(nsMessages, anything, "SortOrder"),
			one(nsMessages, "ParentFolderIds", folderIDs),
			optional(nsMessages, anything, "QueryString"),
		},
	},
	"GetItem": {parts: []part{one(nsMessages, "ItemShape", itemShape), one(nsMessages, "ItemIds", itemIDs)}},
	"ConvertId": {
		required: []string{"DestinationFormat"}, enums: map[string][]string{"DestinationFormat": idFormats},
		parts: []part{one(nsMessages, "SourceIds", &rule{parts: []part{repeated(
			&rule{required: []string{"Format", "Id", "Mailbox"}, enums: map[string][]string{"Format": idFormats}},
			"AlternateId")}})},
	},
	"ResolveNames": {
		required: []string{"ReturnFullContactData"},
		parts:    []part{optional(nsMessages, folderIDs, "ParentFolderIds"), one(nsMessages, "UnresolvedEntry", anything)},
	},
	"GetPasswordExpirationDate": {parts: []part{optional(nsMessages, anything, "MailboxSmtpAddress")}},
}

// views are the rules of the view elements.
var views = map[string]*rule{"IndexedPageItemView": indexed, "CalendarView": calendarView, "ContactsView": anything}

// validate checks an operation against its rule and returns the error that Exchange reports.
func validate(operation *node) error {
	if p := operationRules[operation.name].check(operation); p != nil {
		return p
	}
	return nil
}

func (r *rule) check(n *node) *soapError {
	for _, name := range r.required {
		if _, ok := n.attrs[name]; !ok {
			return violation(n.line, "The required attribute '%s' is missing.", name)
		}
	}
	for name, allowed := range r.enums {
		if value := n.attr(name); !slices.Contains(allowed, value) {
			return violation(n.line, "The '%s' attribute is invalid - The value '%s' is invalid according to its "+
				"datatype - The Enumeration constraint failed.", name, value)
		}
	}
	if len(r.values) > 0 && !slices.Contains(r.values, n.value()) {
		return violation(n.line, "The '%s' element is invalid - The value '%s' is invalid according to its datatype.",
			n.name, n.value())
	}
	if r.free {
		return nil
	}
	return r.sequence(n)
}

// sequence compares the particles and the children in order.
func (r *rule) sequence(n *node) *soapError {
	rest := n.children
	for _, p := range r.parts {
		count := 0
		for len(rest) > 0 && p.matches(rest[0]) && (count == 0 || p.repeated) {
			if soapErr := p.ruleOf(rest[0]).check(rest[0]); soapErr != nil {
				return soapErr
			}
			rest, count = rest[1:], count+1
		}
		if count > 0 || p.optional {
			continue
		}
		if len(rest) > 0 {
			return unexpected(n, rest[0], p)
		}
		return violation(n.line, "The element %s has incomplete content. List of possible elements expected: %s.",
			n.title(), p)
	}
	if len(rest) > 0 {
		return unexpected(n, rest[0], part{})
	}
	return nil
}

func (p part) matches(n *node) bool { return n.space == p.space && slices.Contains(p.names, n.name) }

// ruleOf returns the rule of one alternative of a choice.
func (p part) ruleOf(n *node) *rule {
	switch {
	case p.rule != nil:
		return p.rule
	case folderIDRules[n.name] != nil:
		return folderIDRules[n.name]
	default:
		return views[n.name]
	}
}

func unexpected(parent, child *node, expected part) *soapError {
	list := ""
	if len(expected.names) > 0 {
		list = fmt.Sprintf(" List of possible elements expected: %s.", expected)
	}
	return violation(child.line, "The element %s has invalid child element %s.%s", parent.title(), child.title(), list)
}

func (n *node) title() string { return fmt.Sprintf("'%s' in namespace '%s'", n.name, n.space) }

// String lists the alternatives as Exchange does.
func (p part) String() string {
	return fmt.Sprintf("'%s' in namespace '%s'", strings.Join(p.names, ", "), p.space)
}
