package ews

import (
	"bytes"
	"encoding/xml"
	"fmt"
)

// The namespaces of EWS. The published reference shows some of them as https; the servers speak http.
const (
	soapNamespace     = "http://schemas.xmlsoap.org/soap/envelope/"
	typesNamespace    = "http://schemas.microsoft.com/exchange/services/2006/types"
	messagesNamespace = "http://schemas.microsoft.com/exchange/services/2006/messages"
)

// schemaVersion is the newest version of the schema that every supported server (Exchange 2013 SP1 and later) knows.
const schemaVersion = "Exchange2013_SP1"

type requestEnvelope struct {
	XMLName  xml.Name      `xml:"soap:Envelope"`
	SOAP     string        `xml:"xmlns:soap,attr"`
	Types    string        `xml:"xmlns:t,attr"`
	Messages string        `xml:"xmlns:m,attr"`
	Header   requestHeader `xml:"soap:Header"`
	Body     requestBody   `xml:"soap:Body"`
}

type requestHeader struct {
	Version struct {
		Version string `xml:"Version,attr"`
	} `xml:"t:RequestServerVersion"`
	// Impersonate is the primary SMTP address of the user to act as; nil to act as the account itself.
	Impersonate *string `xml:"t:ExchangeImpersonation>t:ConnectingSID>t:PrimarySmtpAddress"`
}

type requestBody struct{ Operation any }

// writeRequest writes the document of a call, impersonating the user if there is one.
func writeRequest(operation any, user string) ([]byte, error) {
	envelope := requestEnvelope{SOAP: soapNamespace, Types: typesNamespace, Messages: messagesNamespace}
	envelope.Header.Version.Version = schemaVersion
	if user != "" {
		envelope.Header.Impersonate = &user
	}
	envelope.Body.Operation = operation
	b := bytes.NewBufferString(xml.Header)
	if err := xml.NewEncoder(b).Encode(envelope); err != nil {
		return nil, fmt.Errorf("write EWS request: %w", err)
	}
	return b.Bytes(), nil
}

// folder names a folder by its well-known name, in the caller's mailbox or in another one.
type folder struct {
	ID string `xml:"Id,attr"`
	// Mailbox is an SMTP address of the other mailbox; nil for the caller's.
	Mailbox *string `xml:"t:Mailbox>t:EmailAddress"`
}

// getFolder opens a folder by its well-known name.
type getFolder struct {
	XMLName xml.Name `xml:"m:GetFolder"`
	Shape   string   `xml:"m:FolderShape>t:BaseShape"`
	Folder  folder   `xml:"m:FolderIds>t:DistinguishedFolderId"`
}

// convertID requests the mailbox of an identifier. The response names it, whatever mailbox the request contains.
type convertID struct {
	XMLName     xml.Name    `xml:"m:ConvertId"`
	Destination string      `xml:"DestinationFormat,attr"`
	Source      alternateID `xml:"m:SourceIds>t:AlternateId"`
}

type alternateID struct {
	Format  string `xml:"Format,attr"`
	ID      string `xml:"Id,attr"`
	Mailbox string `xml:"Mailbox,attr"`
}

// findItem reads at most one item of a folder: of a calendar in a time span, of other folders on a page.
type findItem struct {
	XMLName   xml.Name      `xml:"m:FindItem"`
	Traversal string        `xml:"Traversal,attr"`
	Shape     string        `xml:"m:ItemShape>t:BaseShape"`
	Page      *pageView     `xml:"m:IndexedPageItemView"`
	Calendar  *calendarView `xml:"m:CalendarView"`
	Folder    folder        `xml:"m:ParentFolderIds>t:DistinguishedFolderId"`
}

type pageView struct {
	Max    int    `xml:"MaxEntriesReturned,attr"`
	Offset int    `xml:"Offset,attr"`
	Base   string `xml:"BasePoint,attr"`
}

type calendarView struct {
	Max   int    `xml:"MaxEntriesReturned,attr"`
	Start string `xml:"StartDate,attr"`
	End   string `xml:"EndDate,attr"`
}

// resolveNames looks up an address in the directory.
type resolveNames struct {
	XMLName xml.Name `xml:"m:ResolveNames"`
	Full    bool     `xml:"ReturnFullContactData,attr"`
	Entry   string   `xml:"m:UnresolvedEntry"`
}

// getPasswordExpirationDate requests when the password of a mailbox's account expires.
type getPasswordExpirationDate struct {
	XMLName xml.Name `xml:"m:GetPasswordExpirationDate"`
	Mailbox string   `xml:"m:MailboxSmtpAddress"`
}
