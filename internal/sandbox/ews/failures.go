package ews

import (
	"regexp"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// The kinds of fault that EWS adds to those of every stand-in. They happen after the sign-in.
const (
	// KindSOAPFault returns 500 with a SOAP fault of Fault.Code.
	KindSOAPFault sandbox.Kind = "soap_fault"
	// KindItemError returns 200 with an error of Fault.Code in the response message.
	KindItemError sandbox.Kind = "item_error"
	// KindQueueing returns 503 with a SOAP fault of ErrorServerBusy in the body.
	KindQueueing sandbox.Kind = "queueing"
	// KindEntities returns a document type declaration with external and exploding entities.
	KindEntities sandbox.Kind = "entities"
)

// codeForm matches Exchange's response codes.
var codeForm = regexp.MustCompile(`^Error[A-Za-z0-9]+$`)

// Kinds are the kinds of fault that EWS serves. The stand-in that knows the credentials must check for an echo and return
// [EchoCredentials].
var Kinds = sandbox.Kinds{
	KindSOAPFault: needsCode, KindItemError: needsCode, KindQueueing: nil, KindEntities: nil,
	sandbox.KindDeep: nil, sandbox.KindEcho: sandbox.Fault.CheckNoAccount,
}

var needsCode = sandbox.NeedsCode(codeForm, "one of Exchange's response codes, such as ErrorServerBusy")

// SOAPFault is a fault of the whole request (HTTP 500) with one of Exchange's response codes: ErrorPasswordExpired,
// ErrorAccountDisabled, ErrorMailboxMoveInProgress, ErrorInternalServerError and so on.
func SOAPFault(code string) sandbox.Fault { return sandbox.Fault{Kind: KindSOAPFault, Code: code} }

// ItemError is an error of each item in an otherwise successful response (HTTP 200), with one of Exchange's response
// codes: ErrorAccessDenied, ErrorFolderNotFound, ErrorServerBusy and so on.
func ItemError(code string) sandbox.Fault { return sandbox.Fault{Kind: KindItemError, Code: code} }

// Busy is Exchange's throttling: ErrorServerBusy with its back-off time.
func Busy(wait time.Duration) sandbox.Fault { return SOAPFault("ErrorServerBusy").Wait(wait) }

// Queueing is throttling in front of EWS: 503 with an EWS fault in the body.
func Queueing(wait time.Duration) sandbox.Fault { return sandbox.Fault{Kind: KindQueueing}.Wait(wait) }

// Deep is a response that is nested deeper than a careful client reads.
func Deep() sandbox.Fault { return sandbox.Deep() }

// Entities is a response with a document type declaration, which a careful client rejects.
func Entities() sandbox.Fault { return sandbox.Fault{Kind: KindEntities} }

// Echo is a server that repeats the credentials of the request in its error text.
func Echo() sandbox.Fault { return sandbox.Echo() }
