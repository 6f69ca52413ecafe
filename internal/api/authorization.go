package api

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
)

// CapabilityAuthorizations is among the capabilities of control planes that let a person sign in for a connection.
const CapabilityAuthorizations = "authorizations"

// SecretURL is an address that is a secret of its own: who has it can sign in for a connection. It formats as a fixed text; a
// conversion to a string is needed to show it.
type SecretURL string

// Format implements [fmt.Formatter] for every verb.
func (SecretURL) Format(s fmt.State, _ rune) {
	_, _ = io.WriteString(s, "[secret link]") // as fmt does
}

// TargetAuthorize says how a person signs in to a target system.
type TargetAuthorize struct {
	Secret string `json:"secret" doc:"Secret field that the sign-in fills."`
	// RedirectHost and RedirectPorts are for a listener on the person's own machine: http://<host>:<port>/oauth/callback. Without
	// ports, the system accepts every port. With ports, it compares the whole address, which must be registered.
	RedirectHost  string `json:"redirect_host" doc:"Host of a redirect address on the person's own machine."`
	RedirectPorts []int  `json:"redirect_ports,omitempty" doc:"The only ports of it; absent: any."`
}

// ConfirmRevalidation stores the sign-in of a person in the state [RevalidationConfirm], after the client has seen who it was.
func (c *Client) ConfirmRevalidation(ctx context.Context, id, revalidationID string) (Revalidation, error) {
	var out Revalidation
	path := revalidationPath(id, revalidationID) + "/confirm"
	err := c.do(ctx, call{method: http.MethodPost, path: path}, &out)
	return out, err
}

// CancelRevalidation ends a re-validation that waits for a person. Its link is no longer valid.
func (c *Client) CancelRevalidation(ctx context.Context, id, revalidationID string) error {
	return c.do(ctx, call{method: http.MethodDelete, path: revalidationPath(id, revalidationID)}, nil)
}

func revalidationPath(id, revalidationID string) string {
	return connectionPath(id) + "/revalidations/" + url.PathEscape(revalidationID)
}
