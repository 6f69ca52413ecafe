package ews

import (
	"encoding/xml"
	"errors"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// responseEnvelope is the part of an EWS response that is read. Elements are matched by their local names: the namespace of some
// of them depends on the version of the server.
type responseEnvelope struct {
	XMLName xml.Name       `xml:"Envelope"`
	Version *serverVersion `xml:"Header>ServerVersionInfo"`
	Body    struct {
		Fault    *soapFault `xml:"Fault"`
		Response *response  `xml:",any"`
	} `xml:"Body"`
}

type serverVersion struct {
	Major int `xml:"MajorVersion,attr"`
	Minor int `xml:"MinorVersion,attr"`
	Build int `xml:"MajorBuildNumber,attr"`
}

// soapFault is the failure of a whole request.
type soapFault struct {
	FaultCode   string  `xml:"faultcode"`
	FaultString string  `xml:"faultstring"`
	Code        string  `xml:"detail>ResponseCode"`
	Message     string  `xml:"detail>Message"`
	Values      []value `xml:"detail>MessageXml>Value"`
}

// response has a message for each requested item, or is itself the only message.
type response struct {
	XMLName xml.Name
	message
	List struct {
		Messages []message `xml:",any"`
	} `xml:"ResponseMessages"`
}

// message is the response about one requested item.
type message struct {
	Class  string  `xml:"ResponseClass,attr"`
	Text   string  `xml:"MessageText"`
	Code   string  `xml:"ResponseCode"`
	Values []value `xml:"MessageXml>Value"`

	Folders struct {
		Folders []struct {
			ID struct {
				ID string `xml:"Id,attr"`
			} `xml:"FolderId"`
		} `xml:",any"`
	} `xml:"Folders"`
	AlternateID alternateID `xml:"AlternateId"`
	Addresses   []string    `xml:"ResolutionSet>Resolution>Mailbox>EmailAddress"`
	ExpiresAt   string      `xml:"PasswordExpirationDate"`
}

// value is a detail of a failure, such as BackOffMilliseconds.
type value struct {
	Name string `xml:"Name,attr"`
	Text string `xml:",chardata"`
}

// readResponse decodes an EWS response with [call.DecodeXML]; anything that is not an envelope with one response is an error
// too.
func readResponse(body []byte) (*responseEnvelope, error) {
	var envelope responseEnvelope
	if err := call.DecodeXML(body, &envelope); err != nil {
		return nil, err
	}
	if envelope.Body.Fault == nil && !envelope.Body.Response.isComplete() {
		return nil, errors.New("a message that reports neither success nor failure")
	}
	return &envelope, nil
}

// isComplete reports whether every message of a response has a result.
func (r *response) isComplete() bool {
	return r != nil && !slices.ContainsFunc(r.messages(), func(m message) bool {
		return m.Class != "Success" && m.Class != "Warning" && m.Class != "Error"
	})
}

// first returns the first message; an empty one if the response is a SOAP fault.
func (e *responseEnvelope) first() *message {
	if e.Body.Response == nil {
		return &message{}
	}
	return &e.Body.Response.messages()[0]
}

// messages returns the messages of the response, at least one.
func (r *response) messages() []message {
	if len(r.List.Messages) > 0 {
		return r.List.Messages
	}
	return []message{r.message}
}
