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

// query is a query to a web service for a page of records.
type query struct {
	// operation is the operation of the service, such as ContactQueryPage, and input the prefix of its request element.
	operation, input string
	// urn is the namespace of the service.
	urn string
	// object is the type of the records, such as Contact.
	object string
	// fields are the fields to return, separated by spaces.
	fields string
	// search is a search specification, and rows the maximum number of records: at least two, since Oracle is known to fail for
	// a page of one. If rows is zero, there are no pages.
	search string
	rows   int
}

// body returns the request.
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
	_ = xml.EscapeText(&b, []byte(text)) // writing to a builder never fails
	return b.String()
}

// record has the fields of all types of records that are read.
type record struct {
	UserID   string `xml:"UserId"`
	SignInID string `xml:"UserSignInId"`
	Email    string `xml:"EMailAddr"`
	Status   string `xml:"Status"`
}

// match makes a matched user of a record of a user.
func (r record) match() call.MatchedUser {
	m := call.MatchedUser{Name: r.SignInID, Address: r.Email}
	if r.Status != "Active" {
		m.State = "not active"
	}
	return m
}

// responseBody is a response. Elements are matched by their names alone: the services differ in namespaces.
type responseBody struct {
	Output *struct {
		XMLName xml.Name
		Lists   []struct {
			XMLName xml.Name
			Records []record `xml:",any"`
		} `xml:",any"`
	} `xml:",any"`
}

// records sends a query. If the session is lost, it repeats the query in a new session, but only once: then the server loses
// them.
func (s *session) records(ctx context.Context, q query) ([]record, error) {
	found, err := s.post(ctx, q)
	if !isLost(err) {
		return found, err
	}
	if err := s.newSession(ctx); err != nil {
		return nil, err
	}
	found, err = s.post(ctx, q)
	if fault, ok := target.AsFault(err); ok && isLost(err) {
		return nil, &target.Fault{
			Code: target.SystemNotAvailable, Cause: err,
			Message: target.Say("The session was lost twice: %s: %s", target.Own(fault.Code.Title()), fault.Message),
		}
	}
	return found, err
}

// isLost reports whether a call failed because the session was lost.
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

// post calls a web service once.
func (s *session) post(ctx context.Context, q query) ([]record, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, s.integration, bytes.NewReader(q.body()))
	if err != nil {
		return nil, fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("SOAPAction", `"document/`+q.urn+":"+q.operation+`"`)
	s.addCookies(req)
	response, err := send(s.Client, req)
	if err != nil {
		return nil, err
	}
	if fault := faultOf(classifier(), response, parseError(response)); fault != nil {
		return nil, fault
	}
	return q.read(response)
}

// read decodes the records of a successful response.
func (q query) read(r call.Response) ([]record, error) {
	var envelope struct {
		XMLName xml.Name     `xml:"Envelope"`
		Body    responseBody `xml:"Body"`
	}
	if err := call.DecodeXML(r.Body, &envelope); err != nil {
		return nil, classifier().UnreadableResponse(r, err)
	}
	output := envelope.Body.Output
	if output == nil || output.XMLName.Local != q.input+"_Output" {
		return nil, classifier().UnusableResponse(r, "not that of %s", q.operation)
	}
	for _, list := range output.Lists {
		if list.XMLName.Local == "ListOf"+q.object {
			return slices.Clone(list.Records), nil
		}
	}
	return nil, classifier().UnusableResponse(r, "without a list of records")
}
