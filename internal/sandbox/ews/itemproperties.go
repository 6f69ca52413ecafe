package ews

import (
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"strconv"
	"strings"
)

// itemProperties are the properties in the order of ItemType, then of MessageType, CalendarItemType and
// ContactItemType.
var itemProperties = []property[item]{
	{"item:MimeContent", onRequest, func(i item) *element {
		if content := i.mimeContent(); content != "" {
			return text("t:MimeContent", base64.StdEncoding.EncodeToString([]byte(content))).with("CharacterSet", "UTF-8")
		}
		return nil
	}},
	{"item:ItemId", idOnly, func(i item) *element {
		return text("t:ItemId", "").with("Id", i.id()).with("ChangeKey", changeKey)
	}},
	{"item:ParentFolderId", always, func(i item) *element {
		return text("t:ParentFolderId", "").with("Id", i.parentID()).with("ChangeKey", changeKey)
	}},
	{"item:ItemClass", always, fixed("ItemClass", func(i item) string { return i.class })},
	{"item:Subject", byDefault, fixed("Subject", func(i item) string { return i.subject })},
	{"item:Sensitivity", byDefault, fixed("Sensitivity", constant[item]("Normal"))},
	{"item:Body", byDefault, func(i item) *element { return text("t:Body", i.body).with("BodyType", "Text") }},
	{"item:DateTimeReceived", always, fixed("DateTimeReceived", func(i item) string { return timestamp(i.at) })},
	{"item:Size", byDefault, fixed("Size", func(i item) string { return i.size() })},
	{"item:Importance", always, fixed("Importance", constant[item]("Normal"))},
	{"item:IsSubmitted", always, fixed("IsSubmitted", constant[item]("false"))},
	{"item:IsDraft", always, fixed("IsDraft", constant[item]("false"))},
	{"item:IsFromMe", always, fixed("IsFromMe", func(i item) string {
		return strconv.FormatBool(i.from.email == i.owner.Email)
	})},
	{"item:IsResend", always, fixed("IsResend", constant[item]("false"))},
	{"item:IsUnmodified", always, fixed("IsUnmodified", constant[item]("true"))},
	{"item:DateTimeSent", byDefault, fixed("DateTimeSent", func(i item) string { return timestamp(i.at) })},
	{"item:DateTimeCreated", byDefault, fixed("DateTimeCreated", func(i item) string { return timestamp(i.at) })},
	{"item:DisplayTo", always, fixed("DisplayTo", func(i item) string { return i.to.name })},
	{"item:HasAttachments", byDefault, fixed("HasAttachments", constant[item]("false"))},
	{}, // extended properties
	{"item:Culture", always, fixed("Culture", constant[item]("en-US"))},
	{"item:EffectiveRights", always, func(item) *element { return effectiveRights() }},
	{"item:LastModifiedName", always, fixed("LastModifiedName", func(i item) string { return i.owner.DisplayName })},
	{"item:LastModifiedTime", always, fixed("LastModifiedTime", func(i item) string { return timestamp(i.at) })},
	{"item:IsAssociated", always, fixed("IsAssociated", constant[item]("false"))},

	{"message:Sender", always, of("Message", func(i item) *element { return el("t:Sender", i.from.mailbox()) })},
	{"message:ToRecipients", always, of("Message", func(i item) *element { return el("t:ToRecipients", i.to.mailbox()) })},
	{"message:IsReadReceiptRequested", byDefault, of("Message", fixed("IsReadReceiptRequested", constant[item]("false")))},
	{"message:ConversationTopic", always, of("Message", fixed("ConversationTopic", func(i item) string { return i.subject }))},
	{"message:From", byDefault, of("Message", func(i item) *element { return el("t:From", i.from.mailbox()) })},
	{"message:InternetMessageId", byDefault, of("Message", fixed("InternetMessageId", item.messageID))},
	{"message:IsRead", byDefault, of("Message", fixed("IsRead", func(i item) string { return strconv.FormatBool(i.read) }))},

	{"calendar:UID", always, of("CalendarItem", fixed("UID", item.uid))},
	{"calendar:Start", byDefault, of("CalendarItem", fixed("Start", func(i item) string { return timestamp(i.at) }))},
	{"calendar:End", byDefault, of("CalendarItem", fixed("End", func(i item) string { return timestamp(i.until) }))},
	{"calendar:IsAllDayEvent", always, of("CalendarItem", fixed("IsAllDayEvent", constant[item]("false")))},
	{"calendar:LegacyFreeBusyStatus", byDefault, of("CalendarItem", fixed("LegacyFreeBusyStatus", constant[item]("Busy")))},
	{"calendar:Location", byDefault, of("CalendarItem", fixed("Location", func(i item) string { return i.where }))},
	{"calendar:IsMeeting", always, of("CalendarItem", fixed("IsMeeting", constant[item]("false")))},
	{"calendar:IsCancelled", always, of("CalendarItem", fixed("IsCancelled", constant[item]("false")))},
	{"calendar:IsRecurring", always, of("CalendarItem", fixed("IsRecurring", constant[item]("false")))},
	{"calendar:CalendarItemType", byDefault, of("CalendarItem", fixed("CalendarItemType", constant[item]("Single")))},
	{"calendar:MyResponseType", always, of("CalendarItem", fixed("MyResponseType", constant[item]("Organizer")))},
	{"calendar:Organizer", byDefault, of("CalendarItem", func(i item) *element {
		return el("t:Organizer", i.from.mailbox())
	})},
	{"calendar:Duration", always, of("CalendarItem", fixed("Duration", func(i item) string {
		return fmt.Sprintf("PT%dM", int(i.until.Sub(i.at).Minutes()))
	}))},
	{"calendar:TimeZone", always, of("CalendarItem", fixed("TimeZone", constant[item]("(UTC) Coordinated Universal Time")))},

	{"contacts:FileAs", byDefault, of("Contact", fixed("FileAs", func(i item) string { return i.to.name }))},
	{"contacts:DisplayName", always, of("Contact", fixed("DisplayName", func(i item) string { return i.to.name }))},
	{"contacts:GivenName", always, of("Contact", fixed("GivenName", func(i item) string { return i.to.given() }))},
	{"contacts:CompanyName", byDefault, of("Contact", fixed("CompanyName", func(i item) string { return i.company }))},
	{"contacts:EmailAddresses", byDefault, of("Contact", func(i item) *element {
		return el("t:EmailAddresses", text("t:Entry", i.to.email).with("Key", "EmailAddress1").
			with("Name", i.to.name).with("RoutingType", "SMTP"))
	})},
	{"contacts:PhoneNumbers", byDefault, of("Contact", func(i item) *element {
		return el("t:PhoneNumbers", text("t:Entry", i.phone).with("Key", "BusinessPhone"))
	})},
	{"contacts:Surname", always, of("Contact", fixed("Surname", func(i item) string { return i.to.family() }))},
}

// of limits a property to items of one kind of element.
func of(kind string, property func(item) *element) func(item) *element {
	return func(i item) *element {
		if i.element != kind {
			return nil
		}
		return property(i)
	}
}

func constant[T any](value string) func(T) string { return func(T) string { return value } }

func (p person) mailbox() *element {
	return el("t:Mailbox", text("t:Name", p.name), text("t:EmailAddress", p.email), text("t:RoutingType", "SMTP"),
		text("t:MailboxType", "Mailbox"))
}

func (p person) given() string {
	given, _, _ := strings.Cut(p.name, " ")
	return given
}

func (p person) family() string {
	_, family, _ := strings.Cut(p.name, " ")
	return family
}

func (i item) size() string { return strconv.Itoa(len(i.mimeContent()) + len(i.body) + len(i.subject)) }

// itemExtended are the MAPI properties of items that clients request.
func itemExtended(i item, key string) (string, bool) {
	switch key {
	case "0xff9": // PR_RECORD_KEY
		return base64.StdEncoding.EncodeToString([]byte(i.id())), true
	case "0xe23": // PR_INTERNET_ARTICLE_NUMBER
		return strconv.Itoa(i.number), true
	case "0xe08": // PR_MESSAGE_SIZE
		return i.size(), true
	case "0xe06", "0x3008": // PR_MESSAGE_DELIVERY_TIME, PR_LAST_MODIFICATION_TIME
		return timestamp(i.at), true
	case "0xe07": // PR_MESSAGE_FLAGS: 1 is read
		if i.read {
			return "1", true
		}
		return "0", true
	case "0x37": // PR_SUBJECT
		return i.subject, true
	case "0x1a": // PR_MESSAGE_CLASS
		return i.class, true
	case "0x7d": // PR_TRANSPORT_MESSAGE_HEADERS
		return i.headers(), i.element == "Message"
	case "0x1035": // PR_INTERNET_MESSAGE_ID
		return i.messageID(), i.element == "Message"
	case "0x10f3": // PR_URL_COMP_NAME
		return hex.EncodeToString([]byte(i.location.item+i.owner.Name)) + ".EML", true
	}
	return "", false
}
