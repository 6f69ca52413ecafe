// Package conformance is the table of situations that every target system must handle alike, and the test that runs it.
//
// A system's tests set up each situation with the system's stand-in; the expected result is defined here, once. So two systems
// cannot report the same failure differently, and the test fails for each situation that a new system does not handle. What
// else a new system needs is listed by TestEverySystemIsComplete of package checkout. Only tests import this package.
package conformance

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Situation is something that a target system, or the network, can do to a connection.
type Situation string

// The situations.
const (
	Works              Situation = "works"
	WrongSecret        Situation = "wrong secret"
	PaddedSecret       Situation = "right secrets with a space at the end"
	ExpiredOrRevoked   Situation = "credentials expired or revoked"
	AccountLocked      Situation = "account locked"
	OtherIdentity      Situation = "another user signed in"
	MissingRight       Situation = "missing right"
	UnknownUser        Situation = "unknown user"
	SeveralUsersMatch  Situation = "several users match"
	Throttling         Situation = "throttled with a wait of 90 seconds"
	Maintenance        Situation = "maintenance"
	NotReachable       Situation = "not reachable"
	NoSuchHost         Situation = "no such host"
	BrokenHandshake    Situation = "TLS handshake fails"
	UntrustedIssuer    Situation = "certificate of an unknown authority"
	WrongHostName      Situation = "certificate for another host"
	ExpiredCertificate Situation = "expired certificate"
	PageInstead        Situation = "web page instead of data"
	WrongPath          Situation = "no such path"
	HugeResponse       Situation = "huge response"
	SlowResponse       Situation = "slow response"
	TruncatedResponse  Situation = "truncated response"
	DeeplyNested       Situation = "deeply nested response"
	ExternalEntities   Situation = "external entities"
	RedirectElsewhere  Situation = "redirect to another host"
	EchoedSecret       Situation = "secret repeated in the response"
	ProtocolSwitch     Situation = "switch of protocols (101)"
	SlowTitle          Situation = "web page of 4 MiB without a title"
	ManyChallenges     Situation = "many authentication schemes"
	UnfinishedResponse Situation = "response without an end"
	TimeIsUp           Situation = "no response within the time of a test"
	EchoedOtherCase    Situation = "secret repeated in another case"
	EchoedSplit        Situation = "secret repeated, split"
	EchoedDouble       Situation = "secret repeated, double-encoded"
	EchoedCut          Situation = "secret repeated in a truncated text"
	GatewayPage401     Situation = "page of a gateway (401)"
	GatewayPage403     Situation = "page of a gateway (403)"
	GatewayPage407     Situation = "page of a proxy (407)"
	RefusalPage        Situation = "wrong secret answered with a web page"
	UnknownCode        Situation = "code that is not known"
	UnclearSixTimes    Situation = "unclear refusal, six times"
	UnclearSave        Situation = "save that meets an unclear refusal"
)

// echoes are the situations in which a system repeats secrets, and in which encodings.
func echoes() map[Situation][]sandbox.Encoding {
	return map[Situation][]sandbox.Encoding{
		EchoedSecret: {""}, EchoedOtherCase: {sandbox.Upper, sandbox.Lower}, EchoedSplit: {sandbox.Split, sandbox.MIMEWrapped},
		EchoedDouble: {sandbox.JSONInJSON, sandbox.XMLInXML, sandbox.Base64OfForm}, EchoedCut: {sandbox.CutAtMessageSize},
	}
}

// Wait is the wait that the system requests in the situation Throttling.
const Wait = 90 * time.Second

// fieldKind is the kind of the field to correct, independent of the systems' field names.
type fieldKind int

// The kinds of fields.
const (
	// anyField accepts any field: systems differ.
	anyField fieldKind = iota
	// noField means that no field of the connection caused the fault.
	noField
	// addressField is the field of type URL.
	addressField
	// secretField is one of the secrets.
	secretField
	// authorityField is the field with certificates to trust.
	authorityField
)

// expectation is the expected result of a situation.
type expectation struct {
	fault target.Code // empty for no fault
	// orFault is the other fault that is right: systems differ.
	orFault target.Code
	field   fieldKind
	// message is a part of the fault's message, for all systems.
	message string
	// help is a part of the first help step.
	help string
	// anyFault accepts every fault: it depends on the system's error.
	anyFault bool
	// certain requires that the fault is a verdict on the credentials, and uncertain that it is none.
	certain, uncertain bool
	// counted requires that the refusal counts against the limit of sign-ins: as a verdict, or as an unclear refusal.
	counted bool
	// anyWait accepts any wait: it depends on the system's error.
	anyWait bool
}

func expectations() map[Situation]expectation {
	return map[Situation]expectation{
		Works:              {},
		WrongSecret:        {fault: target.GivenCredentials, field: secretField, counted: true},
		PaddedSecret:       {fault: target.GivenCredentials, field: secretField, help: "ends with white space"},
		ExpiredOrRevoked:   {fault: target.GivenCredentials, field: secretField, counted: true},
		AccountLocked:      {fault: target.GivenCredentials},
		OtherIdentity:      {fault: target.WrongIdentity, message: "expects"},
		MissingRight:       {fault: target.InsufficientPermission},
		UnknownUser:        {fault: target.UserNotFound, field: noField},
		SeveralUsersMatch:  {fault: target.UserNotFound, field: noField, message: "match"},
		Throttling:         {fault: target.Throttled, field: noField},
		Maintenance:        {fault: target.SystemNotAvailable, field: addressField, message: "503"},
		NotReachable:       {fault: target.SystemNotAvailable, field: addressField, message: "refused"},
		NoSuchHost:         {fault: target.SystemNotAvailable, field: addressField, message: "no host named"},
		BrokenHandshake:    {fault: target.SystemNotAvailable, field: addressField, message: "TLS handshake"},
		UntrustedIssuer:    {fault: target.Misconfigured, field: authorityField, message: "not trusted"},
		WrongHostName:      {fault: target.Misconfigured, field: addressField, message: "another host"},
		ExpiredCertificate: {fault: target.Misconfigured, field: addressField, message: "expired"},
		PageInstead:        {fault: target.Misconfigured, field: addressField, message: "web page"},
		WrongPath:          {fault: target.Misconfigured, field: addressField, message: "404"},
		HugeResponse:       {fault: target.Misconfigured, field: addressField, message: "4 MiB"},
		SlowResponse:       {fault: target.SystemNotAvailable, field: addressField, message: "in time"},
		TruncatedResponse:  {fault: target.SystemNotAvailable, field: addressField, message: "broke before"},
		DeeplyNested:       {fault: target.Misconfigured, field: addressField},
		ExternalEntities:   {fault: target.Misconfigured, field: addressField, message: "not allowed"},
		RedirectElsewhere:  {fault: target.Misconfigured, field: addressField, message: "redirects to"},
		EchoedSecret:       {fault: target.SystemNotAvailable, message: "***"},
		ProtocolSwitch:     {fault: target.Misconfigured, field: addressField, message: "HTTP 101"},
		SlowTitle:          {fault: target.Misconfigured, field: addressField, message: "web page"},
		ManyChallenges:     {fault: target.GivenCredentials, orFault: target.Misconfigured},
		UnfinishedResponse: {fault: target.SystemNotAvailable, field: addressField, message: "in time"},
		TimeIsUp:           {fault: target.SystemNotAvailable, field: addressField, message: "within the timeout of a test"},
		EchoedOtherCase:    {fault: target.SystemNotAvailable, message: "***"},
		EchoedSplit:        {fault: target.SystemNotAvailable, message: "***"},
		EchoedDouble:       {fault: target.SystemNotAvailable, message: "***"},
		EchoedCut:          {fault: target.SystemNotAvailable},
		GatewayPage401:     {fault: target.Misconfigured, field: addressField, message: "HTTP 401", uncertain: true, counted: true},
		GatewayPage403:     {fault: target.Misconfigured, field: addressField, message: "HTTP 403", uncertain: true, counted: true},
		GatewayPage407:     {fault: target.Misconfigured, field: noField, message: "proxy", uncertain: true},
		RefusalPage:        {fault: target.GivenCredentials, certain: true},
		UnknownCode:        {fault: target.Misconfigured, anyFault: true, uncertain: true},
	}
}
