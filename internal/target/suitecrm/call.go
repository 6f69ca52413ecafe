package suitecrm

import (
	"context"
	"fmt"
	"net/http"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// get calls the API and reads its answer. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) error {
	return s.bearer.Do(ctx, func(token *oauth2.Token) error { return s.send(ctx, token, path, into) }, oauth.IsTokenRejected)
}

func (s *session) send(ctx context.Context, token *oauth2.Token, path string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, s.api+path, http.NoBody)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Authorization", "Bearer "+token.AccessToken)
	req.Header.Set("Accept", "application/vnd.api+json")
	_, err = s.classifier.SendJSON(s.http, req, parseError, into)
	return err
}
