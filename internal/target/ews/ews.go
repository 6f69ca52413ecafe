// Package ews is Exchange Web Services (EWS), which Exchange Server and Microsoft 365 speak alike: SOAP over one address.
// How the account signs in is the matter of the system that uses the package.
//
// A sign-in is the first call that the server answers: it opens the root folder of the account's mailbox, and asks whose
// folder that is. A test reads a folder, of that mailbox or of a user's: by application impersonation, or as a delegate.
//
// What is said to a server and how it answers is from Microsoft's EWS reference
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
	// Impersonation: the account is the user for a call. It needs the role ApplicationImpersonation.
	Impersonation Access = "impersonation"
	// Delegate: the account opens the user's folders as itself. It needs rights on the mailbox or on each folder.
	Delegate Access = "delegate"
)

// Client calls EWS as one account. One goroutine uses it at a time.
type Client struct {
	// URL is the address of EWS.
	URL string
	// Send puts on what the account signs in with, and sends the request. It may send it more than once, with the body of
	// GetBody. An error that is a *[target.Fault] stands; any other means that there is no answer.
	Send func(*http.Request) (call.Response, error)
	// ResponseFault is the fault of an answer that is not EWS's own, where the way of signing in knows more about it than its
	// status tells; nil, also as a result, if there is nothing more to know.
	ResponseFault func(call.Response) *target.Fault
	// Classifier decides which fault a failure is; the function Classifier makes one.
	Classifier call.Classifier
	// AccountField is the field to mend when the account has no mailbox; empty if none is.
	AccountField string
	// Access is how the account acts for users; empty means [Impersonation].
	Access Access
	// Anchor is the mailbox to act for where no user is named, for an application, which has none of its own. Empty for an
	// account that has one.
	Anchor string

	mailbox string
	version serverVersion
}

// call sends an operation, impersonating the user if there is one, and gives the first message of the answer, also with
// a fault if the message tells it. Its errors are *[target.Fault].
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
	return c.read(response)
}

// read finds the first message of an answer, or the fault in it.
func (c *Client) read(r call.Response) (*message, error) {
	envelope, err := readResponse(r.Body)
	if err != nil {
		return nil, c.unreadableFault(r, err)
	}
	systemErr := envelope.systemError(r.Status)
	if fault := c.Classifier.FaultOf(r, systemErr); fault != nil {
		if systemErr != nil && systemErr.Code == errorMissingEmailAddress {
			fault.Field = c.AccountField
		}
		return envelope.first(), fault
	}
	if envelope.Version != nil {
		c.version = *envelope.Version
	}
	return envelope.first(), nil
}

// unreadableFault is the fault of an answer that is not EWS's own.
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
