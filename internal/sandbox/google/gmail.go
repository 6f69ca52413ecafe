package google

import (
	"net/http"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// mailbox checks the mailbox in the path: the caller's own is the only one that a token allows.
func (c *caller) mailbox() *apiError {
	name := c.pathParameters[0]
	switch {
	case name != "me" && !c.user.hasKey(name):
		return newAPIError("forbidden").withMessage("Delegation denied for " + c.user.Email)
	case c.user.CustomerID == "":
		return newAPIError("failedPrecondition").withMessage("Precondition check failed.")
	case !c.user.Mail:
		return newAPIError("failedPrecondition")
	}
	return nil
}

// profile returns the address of the mailbox.
func (c *caller) profile() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"emailAddress": c.user.Email, "messagesTotal": 1, "threadsTotal": 1, "historyId": "1042",
	}), nil
}

// messageID is the ID of the only message, which is in every mailbox.
const messageID = "18c0ffee00000001"

func (c *caller) messages() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"messages": []map[string]string{{"id": messageID, "threadId": messageID}}, "resultSizeEstimate": 1,
	}), nil
}

// message returns the whole message. Messages of a suspended user can be listed but not read.
func (c *caller) message() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	switch {
	case c.user.Suspended:
		return sandbox.Response{}, newAPIError("forbidden")
	case c.pathParameters[1] != messageID:
		return sandbox.Response{}, newAPIError("notFound").withMessage("Requested entity was not found.")
	}
	header := func(name, value string) map[string]string { return map[string]string{"name": name, "value": value} }
	return jsonResponse(http.StatusOK, map[string]any{
		"id": messageID, "threadId": messageID, "labelIds": []string{"INBOX"}, "snippet": "Good to have you here.",
		"historyId": "1042", "internalDate": "1750000000000", "sizeEstimate": 512,
		"payload": map[string]any{
			"mimeType": "text/plain", "filename": "",
			"headers": []map[string]string{
				header("From", "hello@example.com"), header("To", c.user.Email), header("Subject", "Welcome"),
			},
			"body": map[string]any{"size": 22, "data": "R29vZCB0byBoYXZlIHlvdSBoZXJlLg=="},
		},
	}), nil
}
