package ews

import (
	"encoding/base64"
	"errors"
	"net/http"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// request is an EWS request after the sign-in.
type request struct {
	service *Service
	actor   Caller     // the identity that signed in
	caller  Account    // the account that acts: the impersonated user, or the actor's account
	body    *node      // the operation's element
	failed  *soapError // the error of every item in the response, if a fault is scripted
}

// operations are the implemented operations. Each returns the element of the SOAP body.
var operations = map[string]func(*request) *element{
	"ConvertId":                 convertID,
	"FindFolder":                findFolder,
	"FindItem":                  findItem,
	"GetFolder":                 getFolder,
	"GetItem":                   getItem,
	"GetPasswordExpirationDate": getPasswordExpirationDate,
	"ResolveNames":              resolveNames,
}

// versions are the schema versions that a client may request.
var versions = []string{
	"Exchange2007", "Exchange2007_SP1", "Exchange2009", "Exchange2010", "Exchange2010_SP1", "Exchange2010_SP2",
	"Exchange2012", "Exchange2013", "Exchange2013_SP1", "Exchange2015", "Exchange2016",
	"V2015_10_05", "V2016_01_06", "V2016_04_13", "V2016_07_13", "V2016_10_10",
}

// serveOperation serves one SOAP message of a caller that is signed in.
func (s *Service) serveOperation(call *sandbox.Call, actor Caller) sandbox.Response {
	message, err := parse(call.Body)
	if err != nil {
		return fault(http.StatusInternalServerError, violation(1, "%v.", err))
	}
	r := &request{service: s, actor: actor, caller: actor.Account}
	serve, err := r.read(message)
	if err == nil {
		call.SetUser(actor.name(), r.account().Email)
	}
	if response, ok := scriptedFault(call); ok {
		return response
	}
	if soapErr := new(soapError); errors.As(err, &soapErr) {
		return fault(http.StatusInternalServerError, soapErr)
	}
	if f, ok := call.Fault(KindItemError); ok {
		r.failed = scriptedError(f)
	}
	return envelope(http.StatusOK, serve(r))
}

// read reads the parts of the message: version, impersonation, operation.
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

// account returns the account whose data the request reads: the first mailbox that it names, or the caller.
func (r *request) account() Account {
	if r.body != nil {
		for _, list := range []string{"FolderIds", "ParentFolderIds"} {
			address := r.body.child(list, "DistinguishedFolderId", "Mailbox", "EmailAddress").value()
			if owner, ok := r.service.directory.lookup(func(a Account) bool { return a.hasAddress(address) }); ok {
				return owner
			}
		}
	}
	return r.caller
}

// scriptedFault returns the response of a scripted fault that replaces the normal one.
func scriptedFault(call *sandbox.Call) (sandbox.Response, bool) {
	f, ok := call.Fault(KindSOAPFault, KindQueueing, sandbox.KindDeep, KindEntities)
	if !ok {
		return sandbox.Response{}, false
	}
	switch f.Kind {
	case KindQueueing:
		return fault(http.StatusServiceUnavailable, scriptedError(f)), true
	case sandbox.KindDeep:
		return xmlResponse(http.StatusOK, []byte(`<?xml version="1.0" encoding="utf-8"?>`+sandbox.DeepXML())), true
	case KindEntities:
		return xmlResponse(http.StatusOK, []byte(entitiesDocument)), true
	default:
		return fault(http.StatusInternalServerError, scriptedError(f)), true
	}
}

// entitiesDocument makes a client that expands entities read a file and grow a thousandfold.
const entitiesDocument = `<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE s:Envelope [
<!ENTITY file SYSTEM "file:///etc/hostname">
<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">
]>
<s:Envelope xmlns:s="` + nsSOAP + `"><s:Body><s:Fault><faultcode>s:Client</faultcode>` +
	`<faultstring>&file;&c;</faultstring></s:Fault></s:Body></s:Envelope>`

// EchoCredentials is the response to an echo: it repeats the password, and both as they are in a header.
func EchoCredentials(call *sandbox.Call, f sandbox.Fault, user, password string) sandbox.Response {
	p := newSOAPError("ErrorInternalServerError")
	p.message = call.Echo(f, "Logon of "+user+" failed", password, base64.StdEncoding.EncodeToString([]byte(user+":"+password)))
	return fault(http.StatusInternalServerError, p)
}
