package google

import (
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

func unescape(s string) string {
	if plain, err := url.PathUnescape(s); err == nil {
		return plain
	}
	return s
}

// mailbox checks whose mailbox the path names: the caller's own is the only one that a token is good for.
func (c *caller) mailbox() *apiError {
	whose := c.named[0]
	switch {
	case whose != "me" && !c.user.is(whose):
		return newAPIError("forbidden").saying("Delegation denied for " + c.user.Email)
	case c.user.CustomerID == "":
		return newAPIError("failedPrecondition").saying("Precondition check failed.")
	case !c.user.Mail:
		return newAPIError("failedPrecondition")
	}
	return nil
}

// profile tells whose mailbox it is.
func (c *caller) profile() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"emailAddress": c.user.Email, "messagesTotal": 1, "threadsTotal": 1, "historyId": "1042",
	}), nil
}

// messageID is that of the one message that everybody has.
const messageID = "18c0ffee00000001"

func (c *caller) messages() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	return jsonResponse(http.StatusOK, map[string]any{
		"messages": []map[string]string{{"id": messageID, "threadId": messageID}}, "resultSizeEstimate": 1,
	}), nil
}

// message is one whole message. Those of a suspended user can be listed but not read.
func (c *caller) message() (sandbox.Response, *apiError) {
	if err := c.mailbox(); err != nil {
		return sandbox.Response{}, err
	}
	switch {
	case c.user.Suspended:
		return sandbox.Response{}, newAPIError("forbidden")
	case c.named[1] != messageID:
		return sandbox.Response{}, newAPIError("notFound").saying("Requested entity was not found.")
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

// connections are the people in somebody's contacts.
func (c *caller) connections() (sandbox.Response, *apiError) {
	if c.call.Request.URL.Query().Get("personFields") == "" {
		return sandbox.Response{}, newAPIError("invalidArgument").saying("personFields mask is required.")
	}
	name := map[string]any{"displayName": "Charles Babbage", "givenName": "Charles", "familyName": "Babbage"}
	return jsonResponse(http.StatusOK, map[string]any{
		"connections": []map[string]any{{
			"resourceName": "people/c1000", "etag": "%EgMBNwk=", "names": []map[string]any{name},
			"emailAddresses": []map[string]any{{"value": "charles@example.net"}},
		}},
		"totalPeople": 1, "totalItems": 1,
	}), nil
}

func (c *caller) taskLists() (sandbox.Response, *apiError) {
	return jsonResponse(http.StatusOK, map[string]any{
		"kind":  "tasks#taskLists",
		"items": []map[string]string{{"kind": "tasks#taskList", "id": "MDAx", "title": "My Tasks"}},
	}), nil
}
