package sugarcrm

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// get calls the API as the service user and reads the response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) error {
	return s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		return s.send(ctx, token.AccessToken, request{method: http.MethodGet, path: path, into: into})
	}, oauth.IsTokenRejected)
}

// request is one call of the API.
type request struct {
	method, path string
	body         any // nil for no body
	into         any
}

// send makes a call with an access token.
func (s *session) send(ctx context.Context, token string, c request) error {
	var body []byte
	if c.body != nil {
		var err error
		if body, err = json.Marshal(c.body); err != nil {
			return fmt.Errorf("write request: %w", err)
		}
	}
	req, err := http.NewRequestWithContext(ctx, c.method, s.api+c.path, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("OAuth-Token", token)
	req.Header.Set("Accept", "application/json")
	if c.body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	_, err = s.Classifier.SendJSON(s.Client, req, parseError, c.into)
	return err
}
