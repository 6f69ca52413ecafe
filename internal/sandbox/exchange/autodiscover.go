package exchange

import (
	"encoding/xml"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
)

// The services of Autodiscover, in lower case as IIS takes them, and what their calls are named.
const (
	poxPath, pox   = "/autodiscover/autodiscover.xml", "Autodiscover"
	soapPath, soap = "/autodiscover/autodiscover.svc", "GetUserSettings"
)

// autodiscoverCodes are the errors of the two services: those of POX after MS-OXDSCLI, 2.2.4.1.1.3.2, those of SOAP after
// https://learn.microsoft.com/exchange/client-developer/web-service-reference/errorcode-soap.
var autodiscoverCodes = map[string]struct {
	service, text string
	redirects     bool
}{
	"500":                   {pox, "The e-mail address cannot be found.", false},
	"501":                   {pox, "Bad Address", false},
	"600":                   {pox, "Invalid Request", false},
	"601":                   {pox, "Provider is not available", false},
	"602":                   {pox, "Bad Address", false},
	"603":                   {pox, "Internal Error", false},
	"redirectAddr":          {pox, "", true},
	"redirectUrl":           {pox, "", true},
	"RedirectAddress":       {soap, "Redirection address.", true},
	"RedirectUrl":           {soap, "Redirection URL.", true},
	"InvalidUser":           {soap, "The e-mail address cannot be found.", false},
	"InvalidRequest":        {soap, "Invalid request.", false},
	"InvalidSetting":        {soap, "Invalid setting.", false},
	"SettingIsNotAvailable": {soap, "Setting is not available.", false},
	"ServerBusy":            {soap, "The server is too busy to process the request.", false},
	"InvalidDomain":         {soap, "Invalid domain.", false},
	"NotFederated":          {soap, "The organization is not federated.", false},
	"InternalServerError":   {soap, "Internal server error.", false},
}

// autodiscoverRequest is what is read of a request to either service. Names are known without their namespaces.
type autodiscoverRequest struct {
	Address string   `xml:"Request>EMailAddress"`
	Schema  string   `xml:"Request>AcceptableResponseSchema"`
	Users   []string `xml:"Body>GetUserSettingsRequestMessage>Request>Users>User>Mailbox"`
	Wanted  []string `xml:"Body>GetUserSettingsRequestMessage>Request>RequestedSettings>Setting"`
}

const responseSchema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"

// autodiscover tells where EWS is to somebody who is signed in.
func (s *Server) autodiscover(call *sandbox.Call, path string) sandbox.Response {
	actor, refused := s.signIn(call)
	if refused != nil {
		return *refused
	}
	call.SetUser(actor.Email, actor.Email)
	var asked autodiscoverRequest
	err := xml.Unmarshal(call.Body, &asked)
	fault, scripted := call.Fault(KindAutodiscover)
	if path == soapPath {
		return s.userSettings(asked, err, fault, scripted)
	}
	account, known := s.owner(asked.Address)
	switch {
	case scripted:
		return poxFailure(fault.Code, fault.Location)
	case err != nil || call.Request.Method != http.MethodPost || asked.Address == "":
		return poxFailure("600", "")
	case asked.Schema != responseSchema:
		return poxFailure("601", "")
	case !known:
		return poxFailure("500", "")
	}
	return document(element("Response", responseSchema,
		element("User", "", text("DisplayName", account.DisplayName), text("AutoDiscoverSMTPAddress", account.Email)),
		element("Account", "", text("AccountType", "email"), text("Action", "settings"),
			text("MicrosoftOnline", "False"), s.protocol("EXCH"), s.protocol("EXPR"),
			element("Protocol", "", text("Type", "WEB"), element("External", "", text("OWAUrl", s.OWA()))))))
}

func (s *Server) protocol(kind string) string {
	return element("Protocol", "", text("Type", kind), text("ASUrl", s.advertised()), text("EwsUrl", s.advertised()))
}

// advertised is the address of EWS that clients are told.
func (s *Server) advertised() string {
	if told := s.place.advertisedPath(); told != "" {
		return told
	}
	return s.URL()
}

func (s *Server) owner(address string) (ews.Account, bool) {
	account, err := s.directory.Get(address)
	return account, err == nil && account.Mailbox && strings.Contains(address, "@")
}

// document is an answer of the POX service. Errors come with 200 as well.
func document(response string) sandbox.Response {
	return xmlAnswer(http.StatusOK,
		element("Autodiscover", "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006", response))
}

func poxFailure(code, location string) sandbox.Response {
	switch code {
	case "redirectAddr":
		return document(element("Response", responseSchema,
			element("Account", "", text("Action", code), text("RedirectAddr", location))))
	case "redirectUrl":
		return document(element("Response", responseSchema,
			element("Account", "", text("Action", code), text("RedirectUrl", location))))
	}
	return document(element("Response", "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006",
		`<Error Time="`+time.Now().UTC().Format("15:04:05.0000000")+`" Id="1">`+text("ErrorCode", code)+
			text("Message", autodiscoverCodes[code].text)+`<DebugData/></Error>`))
}

// userSettings is the SOAP service: the settings asked for of the first user.
func (s *Server) userSettings(asked autodiscoverRequest, err error, fault sandbox.Fault, scripted bool) sandbox.Response {
	if err != nil || len(asked.Users) == 0 {
		return settings("InvalidRequest", "")
	}
	_, known := s.owner(asked.Users[0])
	switch {
	case scripted && autodiscoverCodes[fault.Code].redirects, scripted && fault.Code == "InvalidUser":
		return settings("NoError", user(fault.Code, fault.Location))
	case scripted:
		return settings(fault.Code, "")
	case !known:
		return settings("NoError", user("InvalidUser", ""))
	}
	var found strings.Builder
	for _, name := range []string{"ExternalEwsUrl", "InternalEwsUrl"} {
		if slices.Contains(asked.Wanted, name) {
			found.WriteString(`<UserSetting xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="StringSetting">` +
				text("Name", name) + text("Value", s.advertised()) + `</UserSetting>`)
		}
	}
	return settings("NoError", element("UserResponse", "", text("ErrorCode", "NoError"), text("ErrorMessage", "No error."),
		element("UserSettings", "", found.String())))
}

// user is the answer about one user of whom there is nothing to tell.
func user(code, location string) string {
	return element("UserResponse", "", text("ErrorCode", code), text("ErrorMessage", autodiscoverCodes[code].text),
		text("RedirectTarget", location), element("UserSettingErrors", ""), element("UserSettings", ""))
}

func settings(code, users string) sandbox.Response {
	message := element("GetUserSettingsResponseMessage", "http://schemas.microsoft.com/exchange/2010/Autodiscover",
		element("Response", "", text("ErrorCode", code), text("ErrorMessage", autodiscoverCodes[code].text),
			element("UserResponses", "", users)))
	return xmlAnswer(http.StatusOK, element("s:Envelope", "", `<s:Body>`+message+`</s:Body>`))
}

func xmlAnswer(status int, root string) sandbox.Response {
	root = strings.Replace(root, "<s:Envelope>", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">`, 1)
	header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Cache-Control": {"private"}}
	return sandbox.Response{Status: status, Header: header, Body: []byte(xml.Header + root)}
}

// element writes an element around others, with its default namespace if there is one.
func element(name, namespace string, inner ...string) string {
	start := name
	if namespace != "" {
		start += ` xmlns="` + namespace + `"`
	}
	return "<" + start + ">" + strings.Join(inner, "") + "</" + name + ">"
}

// text writes an element with text.
func text(name, value string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value)) // a builder takes everything
	return element(name, "", b.String())
}
