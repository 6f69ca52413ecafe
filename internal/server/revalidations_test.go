package server_test

import (
	"net/http"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const messageRevalidated = "Connection has been configured successfully!"

func TestRevalidation(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "CRM", "cloud")
		if c.MetadataRefreshedAt == nil {
			t.Errorf("created %+v", c)
		}
		stored, err := s.client.Revalidate(ctx, c.ID, 1, api.Revalidate{})
		if err != nil || stored.State != api.RevalidationSucceeded || stored.Message != messageRevalidated ||
			stored.ConnectionID != c.ID || stored.Connection.Revision != 1 || stored.MetadataRefreshedAt == nil ||
			stored.MetadataChanged || stored.Fault != nil {
			t.Errorf("with the stored credentials: %+v, %v", stored, err)
		}
		read, err := s.client.Revalidation(ctx, c.ID, stored.ID)
		if err != nil || read.ID != stored.ID || read.State != stored.State || !read.FinishedAt.Equal(stored.FinishedAt) {
			t.Errorf("read %+v, %v", read, err)
		}
		other := map[string]string{"password": otherPassword}
		submitted, err := s.client.Revalidate(ctx, c.ID, 1, api.Revalidate{Credentials: other})
		if err != nil || submitted.Connection.Revision != 2 ||
			submitted.Connection.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Errorf("with other credentials: %+v, %v", submitted, err)
		}
		if got, err := s.client.Compare(ctx, api.Comparison{ConnectionID: c.ID, Credentials: other}); err != nil || got != api.Equal {
			t.Errorf("compared: %q, %v", got, err)
		}
		if _, err := s.client.Revalidate(ctx, c.ID, 1, api.Revalidate{}); !api.IsProblem(err, api.ProblemRevision) {
			t.Errorf("of an old revision: %v", err)
		}
		if _, err := s.client.Revalidate(ctx, uuid.NewString(), 0, api.Revalidate{}); !api.IsNotFound(err) {
			t.Errorf("of an unknown connection: %v", err)
		}
		if _, err := s.client.Revalidation(ctx, c.ID, uuid.NewString()); !api.IsNotFound(err) {
			t.Errorf("read an unknown re-validation: %v", err)
		}
	})
}

func TestRevalidationFails(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "CRM", "cloud")
		for password, code := range map[string]string{adminPassword: "wrong_identity", wrongPassword: "given_credentials"} {
			_, err := s.client.Revalidate(ctx, c.ID, 0, api.Revalidate{Credentials: map[string]string{"password": password}})
			problem, ok := api.AsProblem(err)
			if !ok || problem.Status != http.StatusUnprocessableEntity || !api.IsProblem(err, api.ProblemFault) ||
				problem.Fault.Code != code || problem.Fault.Title != problem.Title {
				t.Fatalf("%s: %+v, %v", code, problem, err)
			}
			failed, err := s.client.Revalidation(ctx, c.ID, problem.RevalidationID)
			if err != nil || failed.State != api.RevalidationFailed || failed.Fault.Code != code ||
				failed.Message != problem.Title || failed.Connection.Revision != 1 || failed.Connection.Status != "working" {
				t.Errorf("%s: recorded %+v, %v", code, failed, err)
			}
		}
		mail := s.connect(t, "Exchange", "mail")
		_, err := s.client.Revalidate(ctx, mail.ID, 0, api.Revalidate{})
		problem, ok := api.AsProblem(err)
		if !ok || problem.Status != http.StatusUnprocessableEntity || problem.Errors[0].Path != "revalidate" {
			t.Errorf("of a system without re-validation: %v", err)
		}
	})
}

func TestRevalidationResponse(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		c := s.connect(t, "CRM", "cloud")
		path := "/v1/connections/" + c.ID + "/revalidations"
		key := []string{"Content-Type", "application/json", "Idempotency-Key", "k"}
		made, text := s.send(t, http.MethodPost, path, `{}`, key...)
		if made.StatusCode != http.StatusCreated || made.Header.Get("ETag") != `"1"` {
			t.Fatalf("%d %v %s", made.StatusCode, made.Header, text)
		}
		again, repeated := s.send(t, http.MethodPost, path, `{}`, key...)
		if again.StatusCode != http.StatusCreated || repeated != text {
			t.Errorf("repeated: %d %s", again.StatusCode, repeated)
		}
		if read, text := s.send(t, http.MethodGet, made.Header.Get("Location"), ""); read.StatusCode != http.StatusOK {
			t.Errorf("read: %d %s", read.StatusCode, text)
		}
	})
}

func TestUpdateRevalidates(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "CRM", "cloud")
		changed, err := s.client.UpdateConnection(ctx, c.ID, 1, api.UpdateConnection{Name: new("Sales"), Revalidate: true})
		if err != nil || changed.Name != "Sales" || !changed.MetadataRefreshedAt.After(*c.MetadataRefreshedAt) {
			t.Errorf("changed %+v, %v", changed, err)
		}
		_, err = s.client.UpdateConnection(ctx, c.ID, 2, api.UpdateConnection{
			Name: new("Lost"), Revalidate: true, Verify: new(false), Credentials: map[string]string{"password": adminPassword},
		})
		if !api.IsProblem(err, api.ProblemFault) {
			t.Errorf("as another user: %v", err)
		}
		if read, err := s.client.Connection(ctx, c.ID); err != nil || read.Name != "Sales" || read.Revision != 2 {
			t.Errorf("after the failure: %+v, %v", read, err)
		}
	})
}

func TestMessagesOfUpdatedCredentials(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for system, want := range map[string]string{"mail": "Password updated successfully", "cloud": messageRevalidated} {
			c := s.connect(t, system, system)
			updated, err := s.client.UpdateCredentials(t.Context(), c.ID, 1, api.UpdateCredentials{
				Credentials: map[string]string{"password": otherPassword},
			})
			if err != nil || updated.Message != want {
				t.Errorf("%s: %q, %v", system, updated.Message, err)
			}
		}
	})
}

// However credentials are submitted, the identity that signs in with them is checked before they are stored.
func TestWrongIdentityIsNotStored(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "CRM", "cloud")
		others := map[string]string{"password": adminPassword}
		for operation, submit := range map[string]func() error{
			"new credentials": func() error {
				_, err := s.client.UpdateCredentials(ctx, c.ID, 1, api.UpdateCredentials{Credentials: others})
				return err
			},
			"a change": func() error {
				_, err := s.client.UpdateConnection(ctx, c.ID, 1, api.UpdateConnection{Credentials: others})
				return err
			},
			"a re-validation": func() error {
				_, err := s.client.Revalidate(ctx, c.ID, 1, api.Revalidate{Credentials: others})
				return err
			},
		} {
			problem, ok := api.AsProblem(submit())
			if !ok || problem.Fault == nil || problem.Fault.Code != "wrong_identity" {
				t.Errorf("%s: %+v", operation, problem)
			}
		}
		read, err := s.client.Connection(ctx, c.ID)
		if err != nil || read.Revision != 1 || read.Status != "working" || !read.CredentialsUpdatedAt.Equal(*c.CredentialsUpdatedAt) {
			t.Errorf("read %+v, %v", read, err)
		}
		good := map[string]string{"password": goodPassword}
		if got, err := s.client.Compare(ctx, api.Comparison{ConnectionID: c.ID, Credentials: good}); err != nil || got != api.Equal {
			t.Errorf("compared: %q, %v", got, err)
		}
	})
}

func TestNewPolicyRefreshesMetadata(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "CRM", "cloud")
		if _, err := s.client.CreatePolicy(ctx, api.CreatePolicy{Name: "p", CRMConnectionID: &c.ID, IntervalSeconds: 900}); err != nil {
			t.Fatal(err)
		}
		read, err := s.client.Connection(ctx, c.ID)
		if err != nil || !read.MetadataRefreshedAt.After(*c.MetadataRefreshedAt) || read.Revision != 1 {
			t.Errorf("read %+v, %v", read, err)
		}
	})
}
