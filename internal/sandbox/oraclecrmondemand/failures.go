package oraclecrmondemand

import (
	"cmp"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that Oracle CRM On Demand adds to those of every stand-in.
const (
	// KindSOAPFault answers a SOAP fault with Fault.Code and Fault.Message; Fault.Status replaces the status 500.
	KindSOAPFault sandbox.Kind = "soap_fault"
	// KindSiebelFault answers such a fault in the other form that Oracle has for it, siebdetail.
	KindSiebelFault sandbox.Kind = "siebel_fault"
	// KindLoginRefused answers a login with Fault.Status and without a session.
	KindLoginRefused sandbox.Kind = "login_refused"
	// KindThrottled answers that calls come too fast, with the wait in the text.
	KindThrottled sandbox.Kind = "throttled"
	// KindSessionLost ends the session that the call came with.
	KindSessionLost sandbox.Kind = "session_lost"
	// KindDeep answers with XML nested 100,000 levels deep.
	KindDeep sandbox.Kind = "deep"
	// KindEntities answers with a document type and an external entity.
	KindEntities sandbox.Kind = "entities"
	// KindEcho answers a fault that repeats password and session: raw, URL-encoded and base64.
	KindEcho sandbox.Kind = "echo"
)

// check says what is wrong with a fault of the kinds above.
func check(f sandbox.Fault) error {
	switch f.Kind {
	case KindSOAPFault, KindSiebelFault:
		if f.Code == "" && f.Message == "" {
			return fmt.Errorf("fault %q needs a code such as SBL-DAT-00553, or a message", f.Kind)
		}
	case KindLoginRefused:
		return f.RequireStatus(http.StatusOK)
	case KindThrottled, KindSessionLost, KindDeep, KindEntities, KindEcho:
	default:
		return f.UnknownKindError()
	}
	return nil
}

// SOAPFault is a SOAP fault with a code of Oracle's, which may be empty, and what it says.
func SOAPFault(code, message string) sandbox.Fault {
	return sandbox.Fault{Kind: KindSOAPFault, Code: code, Message: message}
}

// LoginRefused is a login that gets no session.
func LoginRefused(status int) sandbox.Fault {
	return sandbox.Fault{Kind: KindLoginRefused, Status: status}.ForOperation("login")
}

// Throttled is an answer to calls that come too fast.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Fault{Kind: KindThrottled}.Wait(wait)
}

// SessionLost is the end of the session that a call comes with.
func SessionLost() sandbox.Fault { return sandbox.Fault{Kind: KindSessionLost} }

// Deep is an answer nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Fault{Kind: KindDeep} }

// Entities is an answer with an external entity.
func Entities() sandbox.Fault { return sandbox.Fault{Kind: KindEntities} }

// Echo is an answer that repeats secrets.
func Echo() sandbox.Fault { return sandbox.Fault{Kind: KindEcho} }

// fault performs the scripted faults that take the place of an answer.
func (s *Server) fault(r *request) *sandbox.Response {
	f, ok := r.Fault(KindSOAPFault, KindSiebelFault, KindLoginRefused, KindThrottled, KindSessionLost, KindDeep, KindEntities,
		KindEcho)
	if !ok {
		return nil
	}
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	var answer sandbox.Response
	switch f.Kind {
	case KindSiebelFault:
		answer = siebelFault(status, f)
	case KindLoginRefused:
		r.RecordSignIn(sandbox.SignIn{Scheme: "login", User: r.Request.Header.Get("UserName"), Reason: "scripted"})
		answer = rejectLogin(f.Status)
	case KindThrottled:
		answer = fault(status, "SBL-ODU-01005", fmt.Sprintf(
			"The maximum rate of requests was exceeded. Please try again in %d ms.(SBL-ODU-01005)", f.WaitMilliseconds))
	case KindSessionLost:
		delete(s.state.sessions, r.session)
		r.user = nil
		answer = s.service(r)
	case KindDeep:
		answer = envelope(http.StatusOK, sandbox.DeepXML())
	case KindEntities:
		answer = envelope(http.StatusOK, "<a>&file;</a>")
		answer.Body = []byte(strings.Replace(string(answer.Body), "?>",
			`?><!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]>`, 1))
	case KindEcho:
		said := sandbox.EchoSecrets("Short dump", r.Request.Header.Get("Password"), r.session)
		answer = fault(http.StatusInternalServerError, "SBL-ODU-00251", said)
	default:
		answer = fault(status, f.Code, f.Message)
	}
	return &answer
}

// siebelFault is a fault as the object manager below writes it.
func siebelFault(status int, f sandbox.Fault) sandbox.Response {
	return envelope(status, fmt.Sprintf(`<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>%s</faultstring>`+
		`<detail><siebelf:siebdetail xmlns:siebelf="http://www.siebel.com/ws/fault">`+
		`<siebelf:logfilename>OnDemandServicesObjMgr_enu.log</siebelf:logfilename>`+
		`<siebelf:errorstack><siebelf:error><siebelf:errorcode>%s</siebelf:errorcode>`+
		`<siebelf:errormsg>%s</siebelf:errormsg></siebelf:error></siebelf:errorstack></siebelf:siebdetail></detail>`+
		`</SOAP-ENV:Fault>`, escaped(f.Message), escaped(f.Code), escaped(f.Message)))
}
