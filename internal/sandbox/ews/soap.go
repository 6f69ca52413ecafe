package ews

import (
	"bytes"
	"fmt"
	"net/http"
	"strconv"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// soapError is an Exchange error: a response code with a text, and values that belong to it.
type soapError struct {
	code    string
	message string
	values  []string // name, value, name, value …: MessageXml
	line    int      // of a schema violation
	detail  string   // of a schema violation
}

func (p *soapError) Error() string { return p.code + ": " + p.message }

// messageTexts are Exchange's error texts. A code that is missing gets a general sentence.
var messageTexts = map[string]string{
	"ErrorAccessDenied":                           "Access is denied. Check credentials and try again.",
	"ErrorAccountDisabled":                        "The account is disabled.",
	"ErrorADUnavailable":                          "Active Directory is unavailable. Try your request again later.",
	"ErrorFolderNotFound":                         "The specified folder could not be found in the store.",
	"ErrorImpersonateUserDenied":                  "The account does not have permission to impersonate the requested user.",
	"ErrorInvalidExchangeImpersonationHeaderData": "ExchangeImpersonation SOAP header must be present for this type of OAuth token.",
	"ErrorInternalServerError":                    "An internal server error occurred. The operation failed.",
	"ErrorInvalidIdMalformed":                     "Id is malformed.",
	"ErrorInvalidRequest":                         "The request is invalid.",
	"ErrorInvalidServerVersion":                   "The specified server version is invalid.",
	"ErrorInvalidUserPrincipalName":               "The user principal name is invalid.",
	"ErrorInvalidUserSid":                         "The user SID is invalid.",
	"ErrorItemNotFound":                           "The specified object was not found in the store.",
	"ErrorMailboxMoveInProgress":                  "Mailbox move in progress. Try again later.",
	"ErrorNameResolutionMultipleResults":          "Multiple results were found.",
	"ErrorNameResolutionNoResults":                "No results were found.",
	"ErrorNonExistentMailbox":                     "The SMTP address has no mailbox associated with it.",
	"ErrorNonPrimarySmtpAddress":                  "The primary SMTP address must be specified when referencing a mailbox.",
	"ErrorPasswordExpired":                        "The password for the account has expired.",
	"ErrorSchemaValidation":                       "The request failed schema validation.",
	"ErrorServerBusy":                             "The server cannot service this request right now. Try again later.",
	"ErrorMissingEmailAddress": "When making a request as an account that does not have a mailbox, you must specify " +
		"the mailbox primary SMTP address for any distinguished folder Ids.",
	"ErrorCalendarFolderIsInvalidForCalendarView": "CalendarView can only be specified for a calendar folder.",
	"ErrorUnsupportedPathForQuery":                "Property is not valid for this query.",
}

func newSOAPError(code string) *soapError {
	message, ok := messageTexts[code]
	if !ok {
		message = "The operation failed with " + code + "."
	}
	return &soapError{code: code, message: message}
}

// scriptedError returns the error of a scripted fault.
func scriptedError(f sandbox.Fault) *soapError {
	code := f.Code
	if code == "" {
		code = "ErrorServerBusy"
	}
	p := newSOAPError(code)
	if f.Message != "" {
		p.message = f.Message
	}
	if f.WaitMilliseconds > 0 {
		p.values = []string{"BackOffMilliseconds", strconv.FormatInt(f.WaitMilliseconds, 10)}
	}
	return p
}

// envelope is a whole response: declaration, server version, body.
func envelope(status int, body *element) sandbox.Response {
	version := el("h:ServerVersionInfo").
		with("MajorVersion", "15").with("MinorVersion", "2").
		with("MajorBuildNumber", "1544").with("MinorBuildNumber", "9").with("Version", "V2017_07_11").
		with("xmlns:h", nsTypes).with("xmlns:xsi", nsXSI).with("xmlns:xsd", nsXSD)
	message := el("s:Envelope").with("xmlns:s", nsSOAP)
	message.add(el("s:Header", version), el("s:Body", body).with("xmlns:xsi", nsXSI).with("xmlns:xsd", nsXSD))
	return document(status, message)
}

func document(status int, root *element) sandbox.Response {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="utf-8"?>`)
	root.write(&b)
	return xmlResponse(status, b.Bytes())
}

func xmlResponse(status int, body []byte) sandbox.Response {
	header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Cache-Control": {"private"}}
	return sandbox.Response{Status: status, Header: header, Body: body}
}

// fault is an error of the whole request, in the form of Exchange's SOAP faults.
func fault(status int, p *soapError) sandbox.Response {
	faultString := p.message
	if p.detail != "" {
		faultString += " " + p.detail
	}
	detail := el("detail",
		text("e:ResponseCode", p.code).with("xmlns:e", nsErrors),
		text("e:Message", p.message).with("xmlns:e", nsErrors),
		p.messageXML(),
	)
	body := el("s:Fault",
		text("faultcode", "a:"+p.code).with("xmlns:a", nsTypes),
		text("faultstring", faultString).with("xml:lang", "en-US"),
		detail,
	)
	message := el("s:Envelope", el("s:Body", body)).with("xmlns:s", nsSOAP)
	return document(status, message)
}

// messageXML contains the values of an error; nil if it has none.
func (p *soapError) messageXML() *element {
	if len(p.values) == 0 && p.detail == "" {
		return nil
	}
	e := el("t:MessageXml").with("xmlns:t", nsTypes)
	if p.detail != "" {
		e.add(text("t:LineNumber", strconv.Itoa(p.line)), text("t:Violation", p.detail))
	}
	for i := 0; i < len(p.values); i += 2 {
		e.add(text("t:Value", p.values[i+1]).with("Name", p.values[i]))
	}
	return e
}

// response is an operation's element with its response messages.
func response(operation string, messages ...*element) *element {
	return root("m:"+operation+"Response", el("m:ResponseMessages", messages...))
}

// root is the first element of a body. It declares the prefixes.
func root(name string, children ...*element) *element {
	return el(name, children...).with("xmlns:m", nsMessages).with("xmlns:t", nsTypes)
}

// success is a response message without an error.
func success(name string, children ...*element) *element {
	e := el("m:"+name, text("m:ResponseCode", "NoError")).with("ResponseClass", "Success")
	return e.add(children...)
}

// failure is a response message with the error of one item. rest is what the schema requires after it.
func failure(name string, p *soapError, rest ...*element) *element {
	return outcome("Error", name, p, rest...)
}

func outcome(class, name string, p *soapError, rest ...*element) *element {
	e := el("m:"+name, text("m:MessageText", p.message), text("m:ResponseCode", p.code),
		text("m:DescriptiveLinkKey", "0")).with("ResponseClass", class)
	if len(p.values) > 0 {
		values := el("m:MessageXml")
		values.add(p.messageXML().children...)
		e.add(values)
	}
	return e.add(rest...)
}

// violation is the error for a request that does not follow the schema.
func violation(line int, format string, args ...any) *soapError {
	p := newSOAPError("ErrorSchemaValidation")
	p.line, p.detail = line, fmt.Sprintf(format, args...)
	return p
}
