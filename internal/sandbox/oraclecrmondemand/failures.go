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
	// KindSOAPFault returns a SOAP fault with Fault.Code and Fault.Message. Fault.Status replaces the status 500.
	KindSOAPFault sandbox.Kind = "soap_fault"
	// KindSiebelFault returns such a fault in Oracle's other form, siebdetail.
	KindSiebelFault sandbox.Kind = "siebel_fault"
	// KindLoginRefused returns Fault.Status for a login, without a session.
	KindLoginRefused sandbox.Kind = "login_refused"
	// KindSessionLost ends the session of the call.
	KindSessionLost sandbox.Kind = "session_lost"
	// KindEntities returns a document type and an external entity.
	KindEntities sandbox.Kind = "entities"
)

var kinds = sandbox.Kinds{
	KindSOAPFault: needsText, KindSiebelFault: needsText, KindSessionLost: nil, KindEntities: nil,
	KindLoginRefused:      func(f sandbox.Fault) error { return f.RequireStatus(http.StatusOK) },
	sandbox.KindThrottled: nil, sandbox.KindDeep: nil, sandbox.KindEcho: nil,
}

func needsText(f sandbox.Fault) error {
	if f.Code == "" && f.Message == "" {
		return fmt.Errorf("fault %q requires a code such as SBL-DAT-00553, or a message", f.Kind)
	}
	return nil
}

// SOAPFault is a SOAP fault with one of Oracle's codes, which may be empty, and a message.
func SOAPFault(code, message string) sandbox.Fault {
	return sandbox.Fault{Kind: KindSOAPFault, Code: code, Message: message}
}

// LoginRefused is a login without a session.
func LoginRefused(status int) sandbox.Fault {
	return sandbox.Fault{Kind: KindLoginRefused, Status: status}.ForOperation("login")
}

// Throttled is the response to too many calls.
func Throttled(wait time.Duration) sandbox.Fault {
	return sandbox.Throttled(wait)
}

// SessionLost is the end of the session of a call.
func SessionLost() sandbox.Fault { return sandbox.Fault{Kind: KindSessionLost} }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Entities is a response with an external entity.
func Entities() sandbox.Fault { return sandbox.Fault{Kind: KindEntities} }

// Echo is a response that repeats secrets.
func Echo() sandbox.Fault { return sandbox.Echo() }

// scriptedFault returns the response of a scripted fault that replaces the normal one.
func (s *Server) scriptedFault(r *request) *sandbox.Response {
	f, ok := r.Fault(KindSOAPFault, KindSiebelFault, KindLoginRefused, sandbox.KindThrottled, KindSessionLost, sandbox.KindDeep,
		KindEntities, sandbox.KindEcho)
	if !ok {
		return nil
	}
	status := cmp.Or(f.Status, http.StatusInternalServerError)
	var response sandbox.Response
	switch f.Kind {
	case KindSiebelFault:
		response = siebelFault(status, f)
	case KindLoginRefused:
		r.RecordSignIn(sandbox.SignIn{Scheme: "login", User: r.Request.Header.Get("UserName"), Reason: "scripted"})
		response = rejectLogin(f.Status)
	case sandbox.KindThrottled:
		response = fault(status, "SBL-ODU-01005", fmt.Sprintf(
			"The maximum rate of requests was exceeded. Please try again in %d ms.(SBL-ODU-01005)", f.WaitMilliseconds))
	case KindSessionLost:
		delete(s.state.sessions, r.session)
		r.user = nil
		response = s.service(r)
	case sandbox.KindDeep:
		response = envelope(http.StatusOK, sandbox.DeepXML())
	case KindEntities:
		response = envelope(http.StatusOK, "<a>&file;</a>")
		response.Body = []byte(strings.Replace(string(response.Body), "?>",
			`?><!DOCTYPE a [<!ENTITY file SYSTEM "file:///etc/hostname">]>`, 1))
	case sandbox.KindEcho:
		text := r.Echo(f, "Short dump", r.Request.Header.Get("Password"), r.session)
		response = fault(http.StatusInternalServerError, "SBL-ODU-00251", text)
	default:
		response = fault(status, f.Code, f.Message)
	}
	return &response
}

// siebelFault is a fault in the form of the object manager.
func siebelFault(status int, f sandbox.Fault) sandbox.Response {
	return envelope(status, fmt.Sprintf(`<SOAP-ENV:Fault><faultcode>SOAP-ENV:Server</faultcode><faultstring>%s</faultstring>`+
		`<detail><siebelf:siebdetail xmlns:siebelf="http://www.siebel.com/ws/fault">`+
		`<siebelf:logfilename>OnDemandServicesObjMgr_enu.log</siebelf:logfilename>`+
		`<siebelf:errorstack><siebelf:error><siebelf:errorcode>%s</siebelf:errorcode>`+
		`<siebelf:errormsg>%s</siebelf:errormsg></siebelf:error></siebelf:errorstack></siebelf:siebdetail></detail>`+
		`</SOAP-ENV:Fault>`, escape(f.Message), escape(f.Code), escape(f.Message)))
}
