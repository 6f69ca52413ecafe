package salesforce_test

import (
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

func TestTokenRequestForms(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	app := b.App()
	valid := []string{"grant_type", "client_credentials", "client_id", app.ConsumerKey, "client_secret", app.Secret}
	if got := b.form(b.MyDomainURL()+tokenPath, append(valid, "claims", "{}", "format", "json")...); got.Status != http.StatusOK {
		t.Errorf("unknown fields: %d %s", got.Status, got.Body)
	}
	if got := b.do(http.MethodGet, b.MyDomainURL()+tokenPath, ""); got.Status != 400 || got.Text("error") != "invalid_request" {
		t.Errorf("GET: %d %s", got.Status, got.Body)
	}
	if got := b.form(b.LoginURL()+tokenPath, "grant_type", "password"); got.Text("error") != "unsupported_grant_type" {
		t.Errorf("another grant: %s", got.Body)
	}
	if got := b.do(http.MethodPost, b.LoginURL()+tokenPath, "a=%zz"); got.Text("error") != "invalid_request" {
		t.Errorf("no form: %s", got.Body)
	}
	// Addresses may be logged, so parameters in the query must be ignored.
	form := "grant_type=client_credentials&client_id=" + app.ConsumerKey + "&client_secret=" + app.Secret
	if got := b.do(http.MethodPost, b.MyDomainURL()+tokenPath+"?"+form, ""); got.Status != http.StatusBadRequest {
		t.Errorf("in the query: %d", got.Status)
	}
	chunked, err := http.NewRequestWithContext(t.Context(), http.MethodPost, b.MyDomainURL()+tokenPath,
		struct{ *strings.Reader }{strings.NewReader(form)})
	if err != nil {
		t.Fatal(err)
	}
	chunked.ContentLength = -1
	response, err := b.http.Do(chunked)
	if err != nil {
		t.Fatal(err)
	}
	if err := response.Body.Close(); err != nil || response.StatusCode != http.StatusOK {
		t.Errorf("in chunks: %d %v", response.StatusCode, err)
	}
}

func TestTokensAreOpaque(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	form := regexp.MustCompile(`^00D[A-Za-z0-9]{12}![A-Za-z0-9.]{60,}$`)
	var tokens []string
	for range 3 {
		token := b.token()
		if !form.MatchString(token) || slices.Contains(tokens, token) {
			t.Errorf("token %q", token)
		}
		tokens = append(tokens, token)
	}
}
