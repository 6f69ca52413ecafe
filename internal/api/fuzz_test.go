package api_test

import (
	"errors"
	"net/http"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

// What a control plane answers, or what is in front of it, is shown without what the request contained, and within limits.
func FuzzProblem(f *testing.F) {
	fuzztest.Add(f)
	for _, body := range []string{
		`{"type":"urn:riva:problem:invalid-request","title":"` + fuzztest.Canary + `",` +
			`"detail":"x\u001b[31m\u202e` + fuzztest.Canary + `","errors":[{"path":"` + fuzztest.Canary + `","message":"y"}],` +
			`"fault":{"code":"x","title":"t","message":"HUNTER2-CANARY-5PYJ"}}`,
		`{"type":"x"}`, `{"type":"x","detail":"aHVudGVyMi1jYW5hcnktNVBZSg==","uses":[{"policy_name":"` + fuzztest.Canary + `"}]}`,
		`{"id":"0198c1f0-0000-7000-8000-000000000001","name":"n","fault":{"message":"` + fuzztest.Canary + `"}}`,
	} {
		f.Add(422, "application/problem+json", []byte(body))
		f.Add(200, "application/json", []byte(body))
	}
	f.Fuzz(func(t *testing.T, status int, contentType string, body []byte) {
		client := newClient(t, &fakeControlPlane{handle: func(int, *http.Request) (*http.Response, error) {
			return response(status, contentType, string(body)), nil
		}}, func(o *api.Options) { o.MaxRetries = 0 })
		created, err := client.CreateConnection(t.Context(), api.CreateConnection{
			Name: "n", System: "mail", Credentials: map[string]string{"password": fuzztest.Canary},
		})
		if err == nil {
			if created.Fault != nil {
				fuzztest.Check(t, "the message", created.Fault.Message, 500)
			}
			return
		}
		fuzztest.Check(t, "the error", err.Error(), 3000)
		if problem, ok := errors.AsType[*api.Problem](err); ok && (problem.Type == "" || problem.Status != status) {
			t.Errorf("got %+v", problem)
		}
	})
}
