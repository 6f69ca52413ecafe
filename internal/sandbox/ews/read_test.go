package ews_test

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
)

func getFolder(ids ...string) string { return getFolderAs("IdOnly", "", ids...) }

func getFolderAs(base, additional string, ids ...string) string {
	list := ""
	for _, id := range ids {
		list += `<t:DistinguishedFolderId Id="` + id + `"/>`
	}
	return `<m:GetFolder><m:FolderShape><t:BaseShape>` + base + `</t:BaseShape>` + additional + `</m:FolderShape>` +
		`<m:FolderIds>` + list + `</m:FolderIds></m:GetFolder>`
}

// findItems is a FindItem of a folder. view and rest are inserted in the order of the schema.
func findItems(folder, view, rest string) string {
	return `<m:FindItem Traversal="Shallow"><m:ItemShape><t:BaseShape>Default</t:BaseShape></m:ItemShape>` + view + rest +
		`<m:ParentFolderIds><t:DistinguishedFolderId Id="` + folder + `"/></m:ParentFolderIds></m:FindItem>`
}

func getItem(id, shape string) string {
	return `<m:GetItem><m:ItemShape><t:BaseShape>IdOnly</t:BaseShape>` + shape + `</m:ItemShape>` +
		`<m:ItemIds><t:ItemId Id="` + id + `"/></m:ItemIds></m:GetItem>`
}

const page1 = `<m:IndexedPageItemView MaxEntriesReturned="1" Offset="0" BasePoint="Beginning"/>`

func signedIn(t *testing.T) client {
	t.Helper()
	server := startAt(t, time.Date(2026, 3, 2, 10, 0, 0, 0, time.UTC))
	return as(t, server, server.Service())
}

func TestFolderTypes(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	for id, element := range map[string]string{
		"root": "Folder", "msgfolderroot": "Folder", "inbox": "Folder", "sentitems": "Folder", "drafts": "Folder",
		"deleteditems": "Folder", "junkemail": "Folder", "outbox": "Folder", "calendar": "CalendarFolder",
		"contacts": "ContactsFolder", "tasks": "TasksFolder",
	} {
		got := c.Call(getFolderAs("AllProperties", "", id))
		if got.Status != http.StatusOK || got.Find("DistinguishedFolderId") != id ||
			!strings.Contains(got.Body, "<m:Folders><t:"+element+">") {
			t.Errorf("%s: %d %s", id, got.Status, got.Body)
		}
	}
	if got := c.Call(getFolder("notes")); got.Find("ResponseCode") != "ErrorFolderNotFound" {
		t.Errorf("a missing folder: %s", got.Body)
	}
}

func TestFolderShapes(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	extended := `<t:AdditionalProperties><t:FieldURI FieldURI="folder:ParentFolderId"/>` +
		`<t:ExtendedFieldURI PropertyTag="0x3613" PropertyType="String"/>` +
		`<t:ExtendedFieldURI PropertyTag="0x9999" PropertyType="String"/></t:AdditionalProperties>`
	for name, tc := range map[string]struct {
		base, additional string
		has, hasNot      []string
	}{
		"ids only": {"IdOnly", "", []string{"<t:FolderId "}, []string{"DisplayName", "ParentFolderId", "UnreadCount"}},
		"default": {
			"Default", "", []string{"<t:DisplayName>Inbox<", "<t:TotalCount>2<", "<t:UnreadCount>1<"}, []string{"FolderClass"},
		},
		"all": {"AllProperties", "", []string{"<t:FolderClass>IPF.Note<", "<t:EffectiveRights>"}, []string{"ExtendedProperty"}},
		"requested": {
			"IdOnly", extended,
			[]string{"<t:ParentFolderId ", `<t:ExtendedFieldURI PropertyTag="0x3613" PropertyType="String"/><t:Value>IPF.Note<`},
			[]string{"DisplayName", "0x9999"},
		},
	} {
		got := c.Call(getFolderAs(tc.base, tc.additional, "inbox"))
		for _, part := range tc.has {
			if !strings.Contains(got.Body, part) {
				t.Errorf("%s: no %s in %s", name, part, got.Body)
			}
		}
		for _, part := range tc.hasNot {
			if strings.Contains(got.Body, part) {
				t.Errorf("%s: %s in %s", name, part, got.Body)
			}
		}
	}
}

func TestFindFolder(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	find := func(traversal, parent, view, restriction string) reply {
		return c.Call(`<m:FindFolder Traversal="` + traversal + `"><m:FolderShape><t:BaseShape>Default</t:BaseShape>` +
			`</m:FolderShape>` + view + restriction + `<m:ParentFolderIds><t:DistinguishedFolderId Id="` + parent +
			`"/></m:ParentFolderIds></m:FindFolder>`)
	}
	onlyMail := `<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="folder:FolderClass"/><t:FieldURIOrConstant>` +
		`<t:Constant Value="IPF.Note"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>`
	second := `<m:IndexedPageFolderView MaxEntriesReturned="4" Offset="4" BasePoint="Beginning"/>`
	for name, tc := range map[string]struct {
		got   reply
		total string
		rows  int
		last  string
	}{
		"below the root":   {find("Shallow", "root", "", ""), "1", 1, "true"},
		"anywhere":         {find("Deep", "root", "", ""), "10", 10, "true"},
		"mail folders":     {find("Shallow", "msgfolderroot", "", onlyMail), "6", 6, "true"},
		"the second page":  {find("Shallow", "msgfolderroot", second, ""), "9", 4, "false"},
		"below the inbox":  {find("Shallow", "inbox", "", ""), "0", 0, "true"},
		"a missing parent": {find("Shallow", "journal", "", ""), "", 0, ""},
	} {
		total, rows := tc.got.Attr("RootFolder", "TotalItemsInView"), strings.Count(tc.got.Body, "<t:FolderId ")
		if total != tc.total || rows != tc.rows || tc.got.Attr("RootFolder", "IncludesLastItemInRange") != tc.last {
			t.Errorf("%s: %s", name, tc.got.Body)
		}
	}
}

func TestFindItem(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	newest := `<m:SortOrder><t:FieldOrder Order="Descending">` +
		`<t:FieldURI FieldURI="item:DateTimeReceived"/></t:FieldOrder></m:SortOrder>`
	unread := `<m:Restriction><t:IsEqualTo><t:FieldURI FieldURI="message:IsRead"/><t:FieldURIOrConstant>` +
		`<t:Constant Value="false"/></t:FieldURIOrConstant></t:IsEqualTo></m:Restriction>`
	days := func(from, to string) string {
		return findItems("calendar", `<m:CalendarView MaxEntriesReturned="1" StartDate="`+from+`" EndDate="`+to+`"/>`, "")
	}
	const early, ofMail = "ErrorCalendarEndDateIsEarlierThanStartDate", "ErrorCalendarFolderIsInvalidForCalendarView"
	march := days("2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z")
	for name, tc := range map[string]struct {
		operation string
		code      string
		total     string
		subject   string
	}{
		"one message":             {findItems("inbox", page1, ""), "NoError", "2", "Welcome"},
		"the newest":              {findItems("inbox", page1, newest), "NoError", "2", "Grüße aus dem Büro"},
		"unread":                  {findItems("inbox", "", unread), "NoError", "1", "Grüße aus dem Büro"},
		"one contact":             {findItems("contacts", page1, ""), "NoError", "2", "Charles Babbage"},
		"an empty folder":         {findItems("tasks", page1, ""), "NoError", "0", ""},
		"one appointment":         {march, "NoError", "2", "Weekly review"},
		"one of its day":          {days("2026-03-04T00:00:00Z", "2026-03-05T00:00:00Z"), "NoError", "1", "Customer call"},
		"none of its day":         {days("2026-03-09T00:00:00", "2026-03-10T00:00:00"), "NoError", "0", ""},
		"a view that is too long": {days("2026-03-01T00:00:00Z", "2036-03-01T00:00:00Z"), "ErrorCalendarViewRangeTooBig", "", ""},
		"a view with no duration": {days("2026-03-02T00:00:00Z", "2026-03-01T00:00:00Z"), early, "", ""},
		"a view of mail":          {strings.Replace(march, `"calendar"`, `"inbox"`, 1), ofMail, "", ""},
	} {
		got := c.Call(tc.operation)
		if got.Status != http.StatusOK || got.Find("ResponseCode") != tc.code || got.Find("Subject") != tc.subject ||
			got.Attr("RootFolder", "TotalItemsInView") != tc.total {
			t.Errorf("%s: %s", name, got.Body)
		}
	}
}

func TestGetItem(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	id := c.Call(findItems("inbox", page1, "")).Attr("ItemId", "Id")
	got := c.Call(getItem(id, `<t:IncludeMimeContent>true</t:IncludeMimeContent>`))
	content, err := base64.StdEncoding.DecodeString(got.Find("MimeContent"))
	if err != nil || !strings.Contains(string(content), "Subject: Welcome\r\n") || strings.Contains(got.Body, "<t:Body") {
		t.Errorf("%s\n%s", got.Body, content)
	}
	body := `<t:AdditionalProperties><t:FieldURI FieldURI="item:Body"/>` +
		`<t:FieldURI FieldURI="message:From"/></t:AdditionalProperties>`
	if got := c.Call(getItem(id, body)); !strings.Contains(got.Body, ">Your mailbox is ready.</t:Body>") ||
		got.Find("EmailAddress") != "mary@example.com" {
		t.Errorf("body and sender: %s", got.Body)
	}
	if got := c.Call(getItem("rubbish", "")); got.Find("ResponseCode") != "ErrorInvalidIdMalformed" {
		t.Errorf("a malformed id: %s", got.Body)
	}
	folder := c.Call(ewstest.GetInbox).Attr("FolderId", "Id")
	if got := c.Call(getItem(folder, "")); got.Find("ResponseCode") != "ErrorItemNotFound" {
		t.Errorf("a folder's id: %s", got.Body)
	}
}

func TestResolveNames(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	for entry, want := range map[string][2]string{
		"smtp:ada@example.com":    {"NoError", "ada@example.com"},
		"SMTP:riva@example.com":   {"NoError", "svc-riva@example.com"}, // an alias
		"Hopper":                  {"NoError", "grace@example.com"},
		"a":                       {"ErrorNameResolutionMultipleResults", "svc-riva@example.com"}, // the first of three
		"smtp:nobody@example.com": {"ErrorNameResolutionNoResults", ""},
	} {
		got := c.Call(`<m:ResolveNames ReturnFullContactData="false"><m:UnresolvedEntry>` + entry +
			`</m:UnresolvedEntry></m:ResolveNames>`)
		if got.Find("ResponseCode") != want[0] || got.Find("EmailAddress") != want[1] {
			t.Errorf("%s: %s", entry, got.Body)
		}
	}
}

func TestPasswordExpirationDate(t *testing.T) {
	t.Parallel()
	server := start(t)
	c := as(t, server, server.Service())
	request := `<m:GetPasswordExpirationDate><m:MailboxSmtpAddress>svc-riva@example.com</m:MailboxSmtpAddress>` +
		`</m:GetPasswordExpirationDate>`
	if got := c.Call(request).Find("PasswordExpirationDate"); !strings.HasPrefix(got, "9999-12-31T") {
		t.Errorf("a password that does not expire: %q", got)
	}
	expires := time.Now().Add(72 * time.Hour).UTC().Truncate(time.Second)
	if err := server.Update("svc-riva", func(a *ews.Account) { a.PasswordExpires = expires }); err != nil {
		t.Fatal(err)
	}
	if got := c.Call(request).Find("PasswordExpirationDate"); got != expires.Format(time.RFC3339) {
		t.Errorf("expires %q, want %s", got, expires)
	}
	if got := c.Call(strings.Replace(request, "svc-riva", "nobody", 1)); got.Find("ResponseCode") != "ErrorNonExistentMailbox" {
		t.Errorf("of an unknown user: %s", got.Body)
	}
}
