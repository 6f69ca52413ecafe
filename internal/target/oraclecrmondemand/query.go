package oraclecrmondemand

import (
	"bytes"
	"context"
	"encoding/xml"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// query asks a web service for a page of records.
type query struct {
	// operation is the service's, such as ContactQueryPage, and input what its request's element begins with.
	operation, input string
	// urn is the namespace of the service.
	urn string
	// object is of whose records it is, such as Contact.
	object string
	// fields are those to tell, separated by spaces.
	fields string
	// search is a search specification, and rows the most records to tell: at least two, since Oracle is known to mistake a
	// page of one. Without rows, there are no pages.
	search string
	rows   int
}

// body is the request.
func (q query) body() []byte {
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` +
		`<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>`)
	fmt.Fprintf(&b, `<%s_Input xmlns="%s">`, q.input, q.urn)
	list, one := "ListOf"+q.object, q.object
	if q.rows > 0 {
		b.WriteString("<ViewMode>Broadest</ViewMode>")
		list += fmt.Sprintf(` pagesize="%d" startrownum="0"`, q.rows)
	}
	if q.search != "" {
		one += ` searchspec="` + escape(q.search) + `"`
	}
	fmt.Fprintf(&b, "<%s><%s>", list, one)
	for field := range strings.FieldsSeq(q.fields) {
		fmt.Fprintf(&b, "<%s/>", field)
	}
	fmt.Fprintf(&b, "</%s></ListOf%s></%s_Input></soap:Body></soap:Envelope>", q.object, q.object, q.input)
	return b.Bytes()
}

func escape(text string) string {
	var b strings.Builder
	_ = xml.EscapeText(&b, []byte(text)) // a builder takes everything
	return b.String()
}

// record is what there is to tell of a record, whatever it is of.
type record struct {
	UserID   string `xml:"UserId"`
	SignInID string `xml:"UserSignInId"`
	Email    string `xml:"EMailAddr"`
	Status   string `xml:"Status"`
}

// match is what a record of a user tells.
func (r record) match() call.MatchedUser {
	m := call.MatchedUser{Name: r.SignInID, Address: r.Email}
	if r.Status != "Active" {
		m.State = "not active"
	}
	return m
}

// page is an answer. Elements are known by their names alone: the services differ in namespaces.
type page struct {
	Output *struct {
		XMLName xml.Name
		Lists   []struct {
			XMLName xml.Name
			Records []record `xml:",any"`
		} `xml:",any"`
	} `xml:",any"`
}

// records asks, and does so in a new session if the one there was is lost: once, because then it is the server that loses them.
func (s *session) records(ctx context.Context, q query) ([]record, error) {
	found, err := s.post(ctx, q)
	if !isLost(err) {
		return found, err
	}
	if err := s.newSession(ctx); err != nil {
		return nil, err
	}
	found, err = s.post(ctx, q)
	if isLost(err) {
		return nil, &target.Fault{
			Code: target.SystemNotAvailable, Message: "The session was lost twice: " + err.Error(), Cause: err,
		}
	}
	return found, err
}

// isLost tells whether a call failed for want of a session.
func isLost(err error) bool {
	fault, ok := target.AsFault(err)
	if !ok {
		return false
	}
	systemErr, _ := errors.AsType[*call.SystemError](err)
	if systemErr == nil {
		return fault.Code == target.GivenCredentials // by its status
	}
	return fault.Code == target.SystemNotAvailable &&
		(systemErr.Code == lostSession || strings.Contains(strings.ToLower(systemErr.Message), "session is not available"))
}

// post makes one call of a web service.
func (s *session) post(ctx context.Context, q query) ([]record, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.integration, bytes.NewReader(q.body()))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", `"document/`+q.urn+":"+q.operation+`"`)
	s.addCookies(req)
	response, err := send(s.http, req)
	if err != nil {
		return nil, err
	}
	if fault := faultOf(classifier(), response, parseError(response)); fault != nil {
		return nil, fault
	}
	return q.read(response)
}

// read reads the records of a good answer.
func (q query) read(r call.Response) ([]record, error) {
	var envelope struct {
		XMLName xml.Name `xml:"Envelope"`
		Body    page     `xml:"Body"`
	}
	if err := call.DecodeXML(r.Body, &envelope); err != nil {
		return nil, classifier().UnreadableResponse(r, err)
	}
	output := envelope.Body.Output
	if output == nil || output.XMLName.Local != q.input+"_Output" {
		return nil, classifier().UnusableResponse(r, "not that of "+q.operation)
	}
	for _, list := range output.Lists {
		if list.XMLName.Local == "ListOf"+q.object {
			return slices.Clone(list.Records), nil
		}
	}
	return nil, classifier().UnusableResponse(r, "without a list of records")
}
