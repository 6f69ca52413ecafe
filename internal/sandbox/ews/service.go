package ews

import (
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is one EWS request after sign-in.
type request struct {
	service *Service
	actor   Caller     // who signed in
	caller  Account    // who acts: the impersonated user, or the actor
	body    *node      // the operation's element
	failed  *soapError // what every item of the answer shall say, if scripted
}

// operations are what the stand-in answers; each returns the element of the SOAP body.
var operations = map[string]func(*request) *element{
	"ConvertId":                 convertID,
	"FindFolder":                findFolder,
	"FindItem":                  findItem,
	"GetFolder":                 getFolder,
	"GetItem":                   getItem,
	"GetPasswordExpirationDate": getPasswordExpirationDate,
	"GetServerTimeZones":        getServerTimeZones,
	"ResolveNames":              resolveNames,
}

// versions are the schema versions a client may ask for.
var versions = []string{
	"Exchange2007", "Exchange2007_SP1", "Exchange2009", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2",
	"Exchange2012", "Exchange2013", "Exchange2013_SP1", "Exchange2015", "Exchange2016",
	"V2015_10_05", "V2016_01_06", "V2016_04_13", "V2016_07_13", "V2016_10_10",
}

// operate serves one SOAP message of somebody who is signed in.
func (s *Service) operate(call *sandbox.Call, by Caller) sandbox.Response {
	message, err := parse(call.Body)
	if err != nil {
		return fault(http.StatusInternalServerError, violation(1, "%v.", err))
	}
	r := &request{service: s, actor: by, caller: by.Account}
	serve, err := r.read(message)
	if err == nil {
		call.SetUser(by.name(), r.account().Email)
	}
	if answer, ok := fail(call); ok {
		return answer
	}
	if problem := new(soapError); errors.As(err, &problem) {
		return fault(http.StatusInternalServerError, problem)
	}
	if f, ok := call.Fault(KindItemError); ok {
		r.failed = scripted(f)
	}
	return envelope(http.StatusOK, serve(r))
}

// read takes the message apart: version, impersonation, operation.
func (r *request) read(message *node) (func(*request) *element, error) {
	if message.name != "Envelope" || message.space != nsSOAP || len(message.child("Body").all()) != 1 {
		return nil, violation(message.line, "The message is not a SOAP 1.1 envelope with one element in its body.")
	}
	header := message.child("Header")
	if version := header.child("RequestServerVersion"); version != nil &&
		!slices.Contains(versions, version.attr("Version")) {
		return nil, newSOAPError("ErrorInvalidServerVersion")
	}
	r.body = message.child("Body").children[0]
	serve, ok := operations[r.body.name]
	if !ok || r.body.space != nsMessages {
		return nil, newSOAPError("ErrorInvalidRequest")
	}
	if err := validate(r.body); err != nil {
		return nil, err
	}
	if as := header.child("ExchangeImpersonation"); as != nil {
		if err := r.impersonate(as); err != nil {
			return nil, err
		}
	} else if r.actor.Application != "" {
		return nil, newSOAPError("ErrorInvalidExchangeImpersonationHeaderData")
	}
	return serve, nil
}

// account is whose data the request is about: the first mailbox it names, or the caller.
func (r *request) account() Account {
	if r.body != nil {
		for _, list := range []string{"FolderIds", "ParentFolderIds"} {
			address := r.body.child(list, "DistinguishedFolderId", "Mailbox", "EmailAddress").value()
			if owner, ok := r.service.directory.lookup(func(a *Account) bool { return a.owns(address) }); ok {
				return owner
			}
		}
	}
	return r.caller
}

// fail performs the scripted faults that take the place of an answer.
func fail(call *sandbox.Call) (sandbox.Response, bool) {
	f, ok := call.Fault(KindSOAPFault, KindQueueing, KindDeep, KindEntities)
	if !ok {
		return sandbox.Response{}, false
	}
	switch f.Kind {
	case KindQueueing:
		return fault(http.StatusServiceUnavailable, scripted(f)), true
	case KindDeep:
		return xmlAnswer(http.StatusOK, []byte(`<?xml version="1.0" encoding="utf-8"?>`+sandbox.DeepXML())), true
	case KindEntities:
		return xmlAnswer(http.StatusOK, []byte(entities)), true
	default:
		return fault(http.StatusInternalServerError, scripted(f)), true
	}
}

// entities would read a file and grow a thousandfold in a client that expands what it declares.
const entities = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE s:Envelope [
<!ENTITY file SYSTEM "file:///etc/hostname">
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<s:Envelope xmlns:s="` + nsSOAP + `"><s:Body><s:Fault><faultcode>s:Client</faultcode>` +
	`<faultstring>&file;&c;</faultstring></s:Fault></s:Body></s:Envelope>`

// Repeat is what a stand-in answers for [KindEcho]: it repeats credentials in the ways in which real servers were seen to.
func Repeat(user, password string) sandbox.Response {
	p := newSOAPError("ErrorInternalServerError")
	p.message = fmt.Sprintf("Logon of %s with %s failed. Request: user=%s&password=%s Authorization: Basic %s (%s)",
		user, password, url.QueryEscape(user), url.QueryEscape(password),
		base64.StdEncoding.EncodeToString([]byte(user+":"+password)),
		base64.StdEncoding.EncodeToString([]byte(password)))
	return fault(http.StatusInternalServerError, p)
}
