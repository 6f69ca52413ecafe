package oauth_test

import (
	"bytes"
	"io"
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

// answer answers every request of a token endpoint alike.
type answer struct {
	status int
	header string
	body   []byte
}

func (a answer) RoundTrip(req *http.Request) (*http.Response, error) {
	return &http.Response{
		StatusCode: a.status, Header: fuzztest.Header(a.header), Body: io.NopCloser(bytes.NewReader(a.body)), Request: req,
		ProtoMajor: 1, ProtoMinor: 1,
	}, nil
}

// The answer of a token endpoint is a token that can be sent, or a fault.
func FuzzTokenAnswer(f *testing.F) {
	fuzztest.Add(f)
	f.Add(200, "", []byte(`{"access_token":"abc","token_type":"Bearer","expires_in":"3600"}`))
	f.Add(200, "", []byte(`{"access_token":"a\nb"}`))
	f.Add(200, "", []byte(`access_token=abc&token_type=bearer`))
	f.Fuzz(func(t *testing.T, status int, header string, body []byte) {
		endpoint := oauth.Endpoint{
			URL: "https://login.example.com/token", Client: &http.Client{Transport: answer{status, header, body}}, ClientID: "client",
			ClientSecret: fuzztest.Canary, Classifier: call.Classifier{Address: "url"},
		}
		token, err := endpoint.ClientCredentials(t.Context())
		fault, ok := target.AsFault(err)
		switch {
		case err == nil && !oauth.IsToken(token.AccessToken):
			t.Errorf("took the token %q", token.AccessToken)
		case err != nil && (!ok || fault.Code == "" || fault.RetryAfter < 0):
			t.Errorf("got %v, want a fault", err)
		}
	})
}
