package sandboxtest

import (
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// ControlClient is the control endpoint of one stand-in.
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

// Send gives an order. Its path is below the system's name.
func (p ControlClient) Send(method, path, body string, header ...string) Response {
	p.t.Helper()
	return Send(p.t, p.client, Request(p.t, method, p.url+path, body, header...))
}

// Do gives an order that must be obeyed, and returns the state that it leads to.
func (p ControlClient) Do(method, path, body string) string {
	p.t.Helper()
	got := p.Send(method, path, body)
	if got.Status != http.StatusOK {
		p.t.Fatalf("%s %s %s: %d %s", method, path, body, got.Status, got.Body)
	}
	return got.Body
}

// Expect gives an order and says what it is to be answered with: a status, and what stands somewhere in the answer.
func (p ControlClient) Expect(method, path, body string, status int, says string) {
	p.t.Helper()
	if got := p.Send(method, path, body); got.Status != status || !strings.Contains(got.Body, says) {
		p.t.Errorf("%s %s %s: %d %s, want %d with %q", method, path, body, got.Status, got.Body, status, says)
	}
}
