package server_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const messageRevalidated = "Connection has been configured successfully!"

func TestARevalidation(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		c := p.connect(t, "CRM", "cloud")
		if c.MetadataRefreshedAt == nil {
			t.Errorf("created %+v", c)
		}
		stored, err := p.client.Revalidate(ctx, c.ID, 1, api.Revalidate{})
		if err != nil || stored.State != api.RevalidationSucceeded || stored.Message != messageRevalidated || stored.ConnectionID != c.ID ||
			stored.Connection.Revision != 1 || stored.MetadataRefreshedAt == nil || stored.MetadataChanged || stored.Fault != nil {
			t.Errorf("with what is stored: %+v, %v", stored, err)
		}
		read, err := p.client.Revalidation(ctx, c.ID, stored.ID)
		if err != nil || read.ID != stored.ID || read.State != stored.State || !read.FinishedAt.Equal(stored.FinishedAt) {
			t.Errorf("read %+v, %v", read, err)
		}
		other := map[string]string{"password": otherPassword}
		given, err := p.client.Revalidate(ctx, c.ID, 1, api.Revalidate{Credentials: other})
		if err != nil || given.Connection.Revision != 2 || given.Connection.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Errorf("with others: %+v, %v", given, err)
		}
		if got, err := p.client.Compare(ctx, api.Comparison{ConnectionID: c.ID, Credentials: other}); err != nil || got != api.Equal {
			t.Errorf("compared: %q, %v", got, err)
		}
		if _, err := p.client.Revalidate(ctx, c.ID, 1, api.Revalidate{}); !api.IsProblem(err, api.ProblemRevision) {
			t.Errorf("of an old revision: %v", err)
		}
		if _, err := p.client.Revalidate(ctx, uuid.NewString(), 0, api.Revalidate{}); !api.IsNotFound(err) {
			t.Errorf("of nothing: %v", err)
		}
		if _, err := p.client.Revalidation(ctx, c.ID, uuid.NewString()); !api.IsNotFound(err) {
			t.Errorf("read nothing: %v", err)
		}
	})
}

func TestARevalidationThatFails(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		c := p.connect(t, "CRM", "cloud")
		for password, code := range map[string]string{adminPassword: "wrong_identity", wrongPassword: "given_credentials"} {
			_, err := p.client.Revalidate(ctx, c.ID, 0, api.Revalidate{Credentials: map[string]string{"password": password}})
			problem, ok := api.AsProblem(err)
			if !ok || problem.Status != http.StatusUnprocessableEntity || !api.IsProblem(err, api.ProblemFault) ||
				problem.Fault.Code != code || problem.Fault.Title != problem.Title {
				t.Fatalf("%s: %+v, %v", code, problem, err)
			}
			failed, err := p.client.Revalidation(ctx, c.ID, problem.RevalidationID)
			if err != nil || failed.State != api.RevalidationFailed || failed.Fault.Code != code ||
				failed.Message != problem.Title || failed.Connection.Revision != 1 || failed.Connection.Status != "working" {
				t.Errorf("%s: recorded %+v, %v", code, failed, err)
			}
		}
		mail := p.connect(t, "Exchange", "mail")
		_, err := p.client.Revalidate(ctx, mail.ID, 0, api.Revalidate{})
		problem, ok := api.AsProblem(err)
		if !ok || problem.Status != http.StatusUnprocessableEntity || problem.Errors[0].Path != "revalidate" {
			t.Errorf("of a system with passwords: %v", err)
		}
	})
}

func TestTheAnswerToARevalidation(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		c := p.connect(t, "CRM", "cloud")
		path := "/v1/connections/" + c.ID + "/revalidations"
		key := []string{"Content-Type", "application/json", "Idempotency-Key", "k"}
		made, text := p.send(t, http.MethodPost, path, `{}`, key...)
		if made.StatusCode != http.StatusCreated || made.Header.Get("ETag") != `"1"` {
			t.Fatalf("%d %v %s", made.StatusCode, made.Header, text)
		}
		again, repeated := p.send(t, http.MethodPost, path, `{}`, key...)
		if again.StatusCode != http.StatusCreated || repeated != text {
			t.Errorf("repeated: %d %s", again.StatusCode, repeated)
		}
		if read, text := p.send(t, http.MethodGet, made.Header.Get("Location"), ""); read.StatusCode != http.StatusOK {
			t.Errorf("read: %d %s", read.StatusCode, text)
		}
	})
}

func TestAChangeThatRevalidates(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		c := p.connect(t, "CRM", "cloud")
		changed, err := p.client.UpdateConnection(ctx, c.ID, 1, api.UpdateConnection{Name: new("Sales"), Revalidate: true})
		if err != nil || changed.Name != "Sales" || !changed.MetadataRefreshedAt.After(*c.MetadataRefreshedAt) {
			t.Errorf("changed %+v, %v", changed, err)
		}
		_, err = p.client.UpdateConnection(ctx, c.ID, 2, api.UpdateConnection{
			Name: new("Lost"), Revalidate: true, Verify: new(false), Credentials: map[string]string{"password": adminPassword},
		})
		if !api.IsProblem(err, api.ProblemFault) {
			t.Errorf("as somebody else: %v", err)
		}
		if read, err := p.client.Connection(ctx, c.ID); err != nil || read.Name != "Sales" || read.Revision != 2 {
			t.Errorf("after the failure: %+v, %v", read, err)
		}
	})
}

func TestTheDocumentedMessagesOfNewCredentials(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		for system, want := range map[string]string{"mail": "Password updated successfully", "cloud": messageRevalidated} {
			c := p.connect(t, system, system)
			updated, err := p.client.UpdateCredentials(t.Context(), c.ID, 1, api.UpdateCredentials{
				Credentials: map[string]string{"password": otherPassword},
			})
			if err != nil || updated.Message != want {
				t.Errorf("%s: %q, %v", system, updated.Message, err)
			}
		}
	})
}

// Whichever way credentials come, whoever signs in with them is compared before they are stored.
func TestWrongIdentityIsNotStored(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		c := p.connect(t, "CRM", "cloud")
		others := map[string]string{"password": adminPassword}
		for way, give := range map[string]func() error{
			"new credentials": func() error {
				_, err := p.client.UpdateCredentials(ctx, c.ID, 1, api.UpdateCredentials{Credentials: others})
				return err
			},
			"a change": func() error {
				_, err := p.client.UpdateConnection(ctx, c.ID, 1, api.UpdateConnection{Credentials: others})
				return err
			},
			"a re-validation": func() error {
				_, err := p.client.Revalidate(ctx, c.ID, 1, api.Revalidate{Credentials: others})
				return err
			},
		} {
			problem, ok := api.AsProblem(give())
			if !ok || problem.Fault == nil || problem.Fault.Code != "wrong_identity" {
				t.Errorf("%s: %+v", way, problem)
			}
		}
		read, err := p.client.Connection(ctx, c.ID)
		if err != nil || read.Revision != 1 || read.Status != "working" || !read.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Errorf("read %+v, %v", read, err)
		}
		good := map[string]string{"password": goodPassword}
		if got, err := p.client.Compare(ctx, api.Comparison{ConnectionID: c.ID, Credentials: good}); err != nil || got != api.Equal {
			t.Errorf("compared: %q, %v", got, err)
		}
	})
}

func TestAPolicyRefreshesTheMetadata(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, p *testServer) {
		ctx := t.Context()
		c := p.connect(t, "CRM", "cloud")
		if _, err := p.client.CreatePolicy(ctx, api.CreatePolicy{Name: "p", CRMConnectionID: &c.ID, IntervalSeconds: 900}); err != nil {
			t.Fatal(err)
		}
		read, err := p.client.Connection(ctx, c.ID)
		if err != nil || !read.MetadataRefreshedAt.After(*c.MetadataRefreshedAt) || read.Revision != 1 {
			t.Errorf("read %+v, %v", read, err)
		}
	})
}
