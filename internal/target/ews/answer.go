package ews

import (
	"bytes"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxDepth is how deep answers may be nested. Those of the calls used here have a dozen levels.
const maxDepth = 64

// answerEnvelope is what is read of any EWS answer. Elements are known by their local names: which namespace some of
// them are in depends on the version of the server.
type answerEnvelope struct {
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

// response holds a message for each thing that was asked for, or is itself the only one.
type response struct {
	XMLName xml.Name
	message
	List struct {
		Messages []message `xml:",any"`
	} `xml:"ResponseMessages"`
}

// message is the answer about one thing that was asked for.
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

// readAnswer reads an EWS answer. It trusts nothing: a document type declaration (with which entities come), deep
// nesting and anything that is not an envelope with one response are errors. They complete the sentence "The answer
// is …".
func readAnswer(body []byte) (*answerEnvelope, error) {
	raw := xml.NewDecoder(bytes.NewReader(body))
	var answer answerEnvelope
	err := xml.NewTokenDecoder(&guard{raw: raw}).Decode(&answer)
	var syntax *xml.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Msg == "unexpected EOF", errors.Is(err, io.ErrUnexpectedEOF):
		return nil, target.ErrBrokenOff
	case errors.As(err, new(guardError)):
		return nil, err
	case err != nil:
		return nil, errors.New("not what Exchange Web Services say")
	case answer.Body.Fault == nil && !answer.Body.Response.isComplete():
		return nil, errors.New("a message that says neither success nor failure")
	}
	return &answer, nil
}

// isComplete tells whether every message of a response says how it went.
func (r *response) isComplete() bool {
	return r != nil && !slices.ContainsFunc(r.messages(), func(m message) bool {
		return m.Class != "Success" && m.Class != "Warning" && m.Class != "Error"
	})
}

// first is the first message; an empty one if the answer is a SOAP fault.
func (e *answerEnvelope) first() *message {
	if e.Body.Response == nil {
		return &message{}
	}
	return &e.Body.Response.messages()[0]
}

// messages are the messages of the response, at least one.
func (r *response) messages() []message {
	if len(r.List.Messages) > 0 {
		return r.List.Messages
	}
	return []message{r.message}
}

// guard lets only harmless XML through to the decoder.
type guard struct {
	raw   *xml.Decoder
	depth int
}

type guardError string

func (e guardError) Error() string { return string(e) }

// Token gives the next token as it stands; the decoder around it checks the syntax.
func (g *guard) Token() (xml.Token, error) {
	token, err := g.raw.RawToken()
	if err != nil {
		return nil, err
	}
	switch token.(type) {
	case xml.Directive:
		return nil, guardError("a document with a type declaration, which is refused")
	case xml.StartElement:
		if g.depth++; g.depth > maxDepth {
			return nil, guardError(fmt.Sprintf("nested more than %d levels deep, which is refused", maxDepth))
		}
	case xml.EndElement:
		g.depth--
	}
	return token, nil
}
