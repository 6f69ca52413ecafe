// Package ews calls Exchange Web Services (EWS), the SOAP API of Exchange Server and Microsoft 365. The system that uses the
// package authenticates the account. The response codes of EWS become faults here, for on-premises Exchange and Microsoft 365
// alike. Finding the address of EWS (Autodiscover) is part of package exchange.
//
// A sign-in opens the root folder of the account's mailbox, and reads the owner of that folder. A test reads a folder, of that
// mailbox or of a user's mailbox: by application impersonation, or as a delegate.
//
// Requests and responses follow Microsoft's EWS reference
// (https://learn.microsoft.com/exchange/client-developer/web-service-reference/ews-reference-for-exchange).
package ews

import (
	"bytes"
	"context"
	"fmt"
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Access is how an account acts for a user.
type Access string

// The ways to act for a user.
const (
	// Impersonation makes a call as the user. It requires the role ApplicationImpersonation.
	Impersonation Access = "impersonation"
	// Delegate opens the user's folders as the account itself. It requires rights on the mailbox or on each folder.
	Delegate Access = "delegate"
)

// Client calls EWS as one account. One goroutine uses it at a time.
type Client struct {
	// URL is the address of EWS.
	URL string
	// Send adds the account's credentials to the request and sends it. It may send it more than once, with the body of
	// GetBody. An error that is a *[target.Fault] is returned unchanged; any other error means that there is no response.
	Send func(*http.Request) (call.Response, error)
	// ResponseFault returns the fault of a response that is not from EWS itself, if the authentication can explain it better
	// than its status; else nil. It may be nil itself.
	ResponseFault func(call.Response) *target.Fault
	// Classifier decides which fault a failure is, with the [Errors] of EWS.
	Classifier call.Classifier
	// AccountField is the field to correct if the account has no mailbox; may be empty.
	AccountField string
	// Access is how the account acts for users; empty means [Impersonation].
	Access Access
	// Anchor is the mailbox to use if there is no user, for an application, which has no mailbox of its own. It is empty for an
	// account with a mailbox.
	Anchor string

	mailbox string
	version serverVersion
}

// call sends an operation, impersonating the user if there is one, and returns the first message of the response, also
// together with a fault that the message reports. Its errors are *[target.Fault].
func (c *Client) call(ctx context.Context, operation any, user string) (*message, error) {
	body, err := writeRequest(operation, user)
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL, bytes.NewReader(body))
	if err != nil {
		return nil, fmt.Errorf("make EWS request: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	req.Header.Set("Accept", "text/xml")
	if user != "" {
		// Front-end servers find the user's back-end server by this header.
		req.Header.Set("X-AnchorMailbox", user)
	}
	response, err := c.Send(req)
	if fault, ok := target.AsFault(err); ok {
		return nil, fault
	}
	if err != nil {
		return nil, c.Classifier.Unreachable(err)
	}
	return c.read(response, user)
}

// read returns the first message of a response, or its fault. The user is the one that the call impersonates.
func (c *Client) read(r call.Response, user string) (*message, error) {
	envelope, err := readResponse(r.Body)
	if err != nil {
		return nil, c.unreadableFault(r, err)
	}
	systemErr, classifier := envelope.systemError(r.Status), c.Classifier
	if systemErr != nil && user != "" {
		classifier.Errors = UserErrors(classifier.Errors)
	}
	if fault := classifier.FaultOf(r, systemErr); fault != nil {
		if envelope.isUnknown(systemErr) {
			asUnknown(fault)
		}
		return envelope.first(), fault
	}
	if envelope.Version != nil {
		c.version = *envelope.Version
	}
	return envelope.first(), nil
}

// unreadableFault returns the fault of a response that is not from EWS itself.
func (c *Client) unreadableFault(r call.Response, err error) *target.Fault {
	if c.ResponseFault != nil {
		if fault := c.ResponseFault(r); fault != nil {
			return fault
		}
	}
	if fault := c.Classifier.FaultOf(r, nil); fault != nil {
		return fault
	}
	return c.Classifier.UnreadableResponse(r, err)
}
