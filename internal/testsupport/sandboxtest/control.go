package sandboxtest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ControlClient is a client of the control endpoint of one stand-in.
type ControlClient struct {
	t      *testing.T
	url    string
	client *http.Client
}

// Control serves the control endpoint of a stand-in until the test ends.
func Control(t *testing.T, standIn sandbox.Controlled) ControlClient {
	t.Helper()
	endpoint, err := sandbox.StartControl("127.0.0.1:0", standIn)
	if err != nil {
		t.Fatal(err)
	}
	CloseAfterTest(t, endpoint)
	return ControlClient{t: t, url: endpoint.URL() + "/" + standIn.Name(), client: Client()}
}

// Send sends a request. Its path is below the system's name.
func (c ControlClient) Send(method, path, body string, header ...string) Response {
	c.t.Helper()
	return Send(c.t, c.client, Request(c.t, method, c.url+path, body, header...))
}

// Do sends a request that must succeed, and returns the new state.
func (c ControlClient) Do(method, path, body string) string {
	c.t.Helper()
	got := c.Send(method, path, body)
	if got.Status != http.StatusOK {
		c.t.Fatalf("%s %s %s: %d %s", method, path, body, got.Status, got.Body)
	}
	return got.Body
}

// Expect sends a request and checks the status of the response and that its body contains text.
func (c ControlClient) Expect(method, path, body string, status int, text string) {
	c.t.Helper()
	if got := c.Send(method, path, body); got.Status != status || !strings.Contains(got.Body, text) {
		c.t.Errorf("%s %s %s: %d %s, want %d with %q", method, path, body, got.Status, got.Body, status, text)
	}
}
