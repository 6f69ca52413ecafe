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

// The services of Autodiscover: their paths in lower case, since IIS ignores letter case, and the names of their
// operations.
const (
	poxPath, pox   = "/autodiscover/autodiscover.xml", "Autodiscover"
	soapPath, soap = "/autodiscover/autodiscover.svc", "GetUserSettings"
)

// autodiscoverCodes are the errors of the two services: those of POX from MS-OXDSCLI, 2.2.4.1.1.3.2, those of SOAP from
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

// autodiscoverRequest contains the used elements of a request to either service. Namespaces are ignored.
type autodiscoverRequest struct {
	Address  string   `xml:"Request>EMailAddress"`
	Schema   string   `xml:"Request>AcceptableResponseSchema"`
	Users    []string `xml:"Body>GetUserSettingsRequestMessage>Request>Users>User>Mailbox"`
	Settings []string `xml:"Body>GetUserSettingsRequestMessage>Request>RequestedSettings>Setting"`
}

const responseSchema = "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"

// autodiscover returns the address of EWS to a client that is signed in.
func (s *Server) autodiscover(call *sandbox.Call, path string) sandbox.Response {
	actor, rejection := s.signIn(call)
	if rejection != nil {
		return *rejection
	}
	call.SetUser(actor.Email, actor.Email)
	var request autodiscoverRequest
	err := xml.Unmarshal(call.Body, &request)
	fault, scripted := call.Fault(KindAutodiscover)
	if path == soapPath {
		return s.userSettings(request, err, fault, scripted)
	}
	account, known := s.mailboxOf(request.Address)
	switch {
	case scripted:
		return poxFailure(fault.Code, fault.Location)
	case err != nil || call.Request.Method != http.MethodPost || request.Address == "":
		return poxFailure("600", "")
	case request.Schema != responseSchema:
		return poxFailure("601", "")
	case !known:
		return poxFailure("500", "")
	}
	return poxResponse(element("Response", responseSchema,
		element("User", "", text("DisplayName", account.DisplayName), text("AutoDiscoverSMTPAddress", account.Email)),
		element("Account", "", text("AccountType", "email"), text("Action", "settings"),
			text("MicrosoftOnline", "False"), s.protocol("EXCH"), s.protocol("EXPR"),
			element("Protocol", "", text("Type", "WEB"), element("External", "", text("OWAUrl", s.OWA()))))))
}

func (s *Server) protocol(kind string) string {
	return element("Protocol", "", text("Type", kind), text("ASUrl", s.advertised()), text("EwsUrl", s.advertised()))
}

// advertised returns the address of EWS that Autodiscover returns.
func (s *Server) advertised() string {
	if address := s.endpoint.advertisedPath(); address != "" {
		return address
	}
	return s.URL()
}

func (s *Server) mailboxOf(address string) (ews.Account, bool) {
	account, err := s.directory.User(address)
	return account, err == nil && account.Mailbox && strings.Contains(address, "@")
}

// poxResponse returns a response of the POX service. Errors have status 200 as well.
func poxResponse(response string) sandbox.Response {
	return xmlResponse(http.StatusOK,
		element("Autodiscover", "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006", response))
}

func poxFailure(code, location string) sandbox.Response {
	switch code {
	case "redirectAddr":
		return poxResponse(element("Response", responseSchema,
			element("Account", "", text("Action", code), text("RedirectAddr", location))))
	case "redirectUrl":
		return poxResponse(element("Response", responseSchema,
			element("Account", "", text("Action", code), text("RedirectUrl", location))))
	}
	return poxResponse(element("Response", "http://schemas.microsoft.com/exchange/autodiscover/responseschema/2006",
		`<Error Time="`+time.Now().UTC().Format("15:04:05.0000000")+`" Id="1">`+text("ErrorCode", code)+
			text("Message", autodiscoverCodes[code].text)+`<DebugData/></Error>`))
}

// userSettings serves the SOAP service: the requested settings of the first user.
func (s *Server) userSettings(
	request autodiscoverRequest, err error, fault sandbox.Fault, scripted bool,
) sandbox.Response {
	if err != nil || len(request.Users) == 0 {
		return settingsResponse("InvalidRequest", "")
	}
	_, known := s.mailboxOf(request.Users[0])
	switch {
	case scripted && autodiscoverCodes[fault.Code].redirects, scripted && fault.Code == "InvalidUser":
		return settingsResponse("NoError", userError(fault.Code, fault.Location))
	case scripted:
		return settingsResponse(fault.Code, "")
	case !known:
		return settingsResponse("NoError", userError("InvalidUser", ""))
	}
	var found strings.Builder
	for _, name := range []string{"ExternalEwsUrl", "InternalEwsUrl"} {
		if slices.Contains(request.Settings, name) {
			found.WriteString(`<UserSetting xmlns:i="http://www.w3.org/2001/XMLSchema-instance" i:type="StringSetting">` +
				text("Name", name) + text("Value", s.advertised()) + `</UserSetting>`)
		}
	}
	return settingsResponse("NoError", element("UserResponse", "", text("ErrorCode", "NoError"), text("ErrorMessage", "No error."),
		element("UserSettings", "", found.String())))
}

// userError is the result for a user without settings.
func userError(code, location string) string {
	return element("UserResponse", "", text("ErrorCode", code), text("ErrorMessage", autodiscoverCodes[code].text),
		text("RedirectTarget", location), element("UserSettingErrors", ""), element("UserSettings", ""))
}

func settingsResponse(code, users string) sandbox.Response {
	message := element("GetUserSettingsResponseMessage", "http://schemas.microsoft.com/exchange/2010/Autodiscover",
		element("Response", "", text("ErrorCode", code), text("ErrorMessage", autodiscoverCodes[code].text),
			element("UserResponses", "", users)))
	return xmlResponse(http.StatusOK, element("s:Envelope", "", `<s:Body>`+message+`</s:Body>`))
}

func xmlResponse(status int, root string) sandbox.Response {
	root = strings.Replace(root, "<s:Envelope>", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">`, 1)
	header := http.Header{"Content-Type": {"text/xml; charset=utf-8"}, "Cache-Control": {"private"}}
	return sandbox.Response{Status: status, Header: header, Body: []byte(xml.Header + root)}
}

// element returns an element around others, with its default namespace if there is one.
func element(name, namespace string, inner ...string) string {
	start := name
	if namespace != "" {
		start += ` xmlns="` + namespace + `"`
	}
	return "<" + start + ">" + strings.Join(inner, "") + "</" + name + ">"
}

// text returns an element with text.
func text(name, value string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(value)) // a strings.Builder never fails
	return element(name, "", b.String())
}
