package exchange

import (
	"cmp"
	"encoding/xml"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// poxRequest is the request in plain old XML
// (https://learn.microsoft.com/exchange/client-developer/web-service-reference/autodiscover-request-pox).
type poxRequest struct {
	XMLName xml.Name `xml:"http://schemas.microsoft.com/exchange/autodiscover/outlook/requestschema/2006 Autodiscover"`
	Address string   `xml:"Request>EMailAddress"`
	Schema  string   `xml:"Request>AcceptableResponseSchema"`
}

func newPOXRequest(address string) any {
	return poxRequest{Address: address, Schema: "http://schemas.microsoft.com/exchange/autodiscover/outlook/responseschema/2006a"}
}

// poxResponse is the part of the response that is read. Elements are matched by their local names.
type poxResponse struct {
	XMLName   xml.Name `xml:"Autodiscover"`
	Address   string   `xml:"Response>Account>RedirectAddr"`
	URL       string   `xml:"Response>Account>RedirectUrl"`
	Protocols []struct {
		Type string `xml:"Type"`
		EWS  string `xml:"EwsUrl"`
		AS   string `xml:"ASUrl"` // the same, on servers before Exchange 2010
	} `xml:"Response>Account>Protocol"`
	Error *struct {
		Code    string `xml:"ErrorCode"`
		Message string `xml:"Message"`
	} `xml:"Response>Error"`
}

func readPOX(body []byte) (*autodiscoverResult, error) {
	var response poxResponse
	if err := call.DecodeXML(body, &response); err != nil {
		return nil, err
	}
	found := &autodiscoverResult{redirectURL: response.URL, redirectAddress: response.Address}
	if response.Error != nil {
		found.failure = &call.SystemError{Code: response.Error.Code, Message: response.Error.Message}
	}
	// Addresses for clients outside of the network are preferred to the one for clients inside.
	best := -1
	for _, p := range response.Protocols {
		address := cmp.Or(p.EWS, p.AS)
		if rank := 1 + slices.Index([]string{"EXCH", "EXHTTP", "EXPR"}, p.Type); address != "" && rank > best {
			best, found.ewsURL = rank, address
		}
	}
	return found, nil
}

// soapRequest is the request for two settings of a user
// (https://learn.microsoft.com/exchange/client-developer/web-service-reference/getusersettings-operation-soap).
type soapRequest struct {
	XMLName    xml.Name `xml:"soap:Envelope"`
	SOAP       string   `xml:"xmlns:soap,attr"`
	Addressing string   `xml:"xmlns:wsa,attr"`
	Namespace  string   `xml:"xmlns:a,attr"`
	Version    string   `xml:"soap:Header>a:RequestedServerVersion"`
	Action     string   `xml:"soap:Header>wsa:Action"`
	Mailbox    string   `xml:"soap:Body>a:GetUserSettingsRequestMessage>a:Request>a:Users>a:User>a:Mailbox"`
	Settings   []string `xml:"soap:Body>a:GetUserSettingsRequestMessage>a:Request>a:RequestedSettings>a:Setting"`
}

// The settings with the address of EWS, for clients outside of the network and inside.
const (
	externalEWS = "ExternalEwsUrl"
	internalEWS = "InternalEwsUrl"
)

func newSOAPRequest(address string) any {
	const namespace = "http://schemas.microsoft.com/exchange/2010/Autodiscover"
	return soapRequest{
		SOAP: "http://schemas.xmlsoap.org/soap/envelope/", Addressing: "http://www.w3.org/2005/08/addressing",
		Namespace: namespace, Version: "Exchange2013", Action: namespace + "/Autodiscover/GetUserSettings",
		Mailbox: address, Settings: []string{externalEWS, internalEWS},
	}
}

// soapResponse is the part of the response that is read. There is one error for the whole request and one for the user.
type soapResponse struct {
	XMLName xml.Name `xml:"Envelope"`
	Code    string   `xml:"Body>GetUserSettingsResponseMessage>Response>ErrorCode"`
	Message string   `xml:"Body>GetUserSettingsResponseMessage>Response>ErrorMessage"`
	Users   []struct {
		Code     string `xml:"ErrorCode"`
		Message  string `xml:"ErrorMessage"`
		Redirect string `xml:"RedirectTarget"`
		Settings []struct {
			Name  string `xml:"Name"`
			Value string `xml:"Value"`
		} `xml:"UserSettings>UserSetting"`
	} `xml:"Body>GetUserSettingsResponseMessage>Response>UserResponses>UserResponse"`
}

const noError = "NoError"

func readSOAP(body []byte) (*autodiscoverResult, error) {
	var response soapResponse
	if err := call.DecodeXML(body, &response); err != nil {
		return nil, err
	}
	found := &autodiscoverResult{}
	switch {
	case response.Code != noError && response.Code != "":
		found.failure = &call.SystemError{Code: response.Code, Message: response.Message}
		return found, nil
	case len(response.Users) == 0:
		return found, nil
	}
	user := response.Users[0]
	switch user.Code {
	case "RedirectAddress":
		found.redirectAddress = user.Redirect
	case "RedirectUrl":
		found.redirectURL = user.Redirect
	case noError:
		for _, setting := range user.Settings {
			if setting.Name == externalEWS || setting.Name == internalEWS && found.ewsURL == "" {
				found.ewsURL = setting.Value
			}
		}
	default:
		found.failure = &call.SystemError{Code: user.Code, Message: user.Message}
	}
	return found, nil
}
