package ews_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/ewstest"
)

// TestSchemaViolations checks that requests with errors are rejected: a client with such an error must not pass its
// tests here.
func TestSchemaViolations(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	folders := `<m:FolderIds><t:DistinguishedFolderId Id="inbox"/></m:FolderIds>`
	shape := `<m:FolderShape><t:BaseShape>IdOnly</t:BaseShape></m:FolderShape>`
	for name, operation := range map[string]string{
		"missing child":      `<m:GetFolder>` + shape + `</m:GetFolder>`,
		"wrong order":        `<m:GetFolder>` + folders + shape + `</m:GetFolder>`,
		"unknown child":      `<m:GetFolder>` + shape + folders + `<m:More/></m:GetFolder>`,
		"wrong namespace":    strings.ReplaceAll(ewstest.GetInbox, "m:FolderShape", "t:FolderShape"),
		"unknown shape":      strings.Replace(ewstest.GetInbox, "IdOnly", "Everything", 1),
		"unknown folder":     strings.Replace(ewstest.GetInbox, `"inbox"`, `"post"`, 1),
		"empty list":         `<m:GetFolder>` + shape + `<m:FolderIds/></m:GetFolder>`,
		"missing attribute":  strings.Replace(findItems("inbox", "", ""), ` Traversal="Shallow"`, "", 1),
		"unknown value":      strings.Replace(findItems("inbox", "", ""), "Shallow", "Wide", 1),
		"view after parents": strings.Replace(findItems("inbox", "", ""), "</m:FindItem>", page1+"</m:FindItem>", 1),
		"two views":          findItems("inbox", page1+page1, ""),
		"view without dates": findItems("calendar", `<m:CalendarView/>`, ""),
		"no mailbox":         strings.Replace(ewstest.ConvertID("x"), ` Mailbox="blah@blah.com"`, "", 1),
		"unknown format":     strings.Replace(ewstest.ConvertID("x"), `DestinationFormat="EwsId"`, `DestinationFormat="Mine"`, 1),
		"two operations":     ewstest.GetInbox + ewstest.GetInbox,
	} {
		got := c.Call(operation)
		if got.Status != http.StatusInternalServerError || got.Find("ResponseCode") != "ErrorSchemaValidation" {
			t.Errorf("%s: %d %s", name, got.Status, got.Body)
		}
	}
}

func TestNonEWSRequestsAreRejected(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	valid := ewstest.Envelope(ewstest.GetInbox)
	for name, tc := range map[string]struct{ document, code string }{
		"unknown operation": {ewstest.Envelope(`<m:MakeCoffee/>`), "ErrorInvalidRequest"},
		"wrong namespace":   {ewstest.Envelope(`<t:GetFolder/>`), "ErrorInvalidRequest"},
		"unknown version":   {strings.Replace(valid, "Exchange2013_SP1", "Exchange1999", 1), "ErrorInvalidServerVersion"},
		"not XML":           {"hello", "ErrorSchemaValidation"},
		"empty":             {"", "ErrorSchemaValidation"},
		"cut":               {valid[:len(valid)/2], "ErrorSchemaValidation"},
		"SOAP 1.2": {
			strings.Replace(valid, "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope", 1),
			"ErrorSchemaValidation",
		},
		"document type": {
			strings.Replace(valid, "<soap:Envelope", "<!DOCTYPE a [<!ENTITY b \"c\">]><soap:Envelope", 1), "ErrorSchemaValidation",
		},
		"deep":      {strings.Repeat("<a>", 1000) + strings.Repeat("</a>", 1000), "ErrorSchemaValidation"},
		"two roots": {valid + "<a/>", "ErrorSchemaValidation"},
	} {
		got, err := c.Try(tc.document)
		if err != nil || got.Status != http.StatusInternalServerError || got.Find("ResponseCode") != tc.code {
			t.Errorf("%s: %d %s %v", name, got.Status, got.Body, err)
		}
	}
}

func TestHeadersAreOptional(t *testing.T) {
	t.Parallel()
	c := signedIn(t)
	valid := ewstest.Envelope(ewstest.GetInbox)
	version := `<t:RequestServerVersion Version="Exchange2013_SP1"/>`
	for _, document := range []string{
		strings.Replace(valid, version, "", 1),
		strings.Replace(valid, "<soap:Header>"+version+"</soap:Header>", "", 1),
	} {
		got, err := c.Try(document)
		if err != nil || got.Find("ResponseCode") != "NoError" || got.Attr("ServerVersionInfo", "MajorVersion") != "15" {
			t.Errorf("%d %s %v", got.Status, got.Body, err)
		}
	}
}
