package server_test

import (
	"net/http"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

func TestConnectionLifecycle(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		created := s.connect(t, "Exchange", "mail")
		if id, err := uuid.Parse(created.ID); err != nil || id.Version() != 7 {
			t.Errorf("id %q", created.ID)
		}
		if created.Revision != 1 || created.Status != "working" || created.Kind != "email" || !created.Deletable ||
			created.Settings["address"] != workingAddress || len(created.Settings) != 2 || created.CreatedAt.IsZero() ||
			created.CredentialsUpdatedAt == nil || created.Identity.Username != "svc@example.com" || !created.LastTest.Passed {
			t.Errorf("created %+v", created)
		}
		read, err := s.client.Connection(ctx, created.ID)
		if err != nil || read.Name != "Exchange" || !read.CreatedAt.Equal(created.CreatedAt) {
			t.Errorf("read %+v, %v", read, err)
		}

		renamed, err := s.client.UpdateConnection(ctx, created.ID, 1, api.UpdateConnection{Name: new("Mail")})
		if err != nil || renamed.Name != "Mail" || renamed.Revision != 2 || renamed.Settings["address"] != workingAddress {
			t.Errorf("renamed %+v, %v", renamed, err)
		}
		_, err = s.client.UpdateConnection(ctx, created.ID, 1, api.UpdateConnection{Name: new("Late")})
		if !api.IsProblem(err, api.ProblemRevision) {
			t.Errorf("an outdated change: %v", err)
		}

		updated, err := s.client.UpdateCredentials(ctx, created.ID, 2, api.UpdateCredentials{
			Credentials: map[string]string{"password": otherPassword},
		})
		if err != nil || updated.Message != "Password updated successfully" || updated.Connection.Revision != 3 {
			t.Errorf("updated %+v, %v", updated, err)
		}
		for password, want := range map[string]string{otherPassword: api.Equal, goodPassword: api.Unequal} {
			got, err := s.client.Compare(ctx, api.Comparison{
				ConnectionID: created.ID, Credentials: map[string]string{"password": password},
			})
			if err != nil || got != want {
				t.Errorf("compared: %q, %v; want %q", got, err, want)
			}
		}

		if err := s.client.DeleteConnection(ctx, created.ID); err != nil {
			t.Fatal(err)
		}
		if _, err := s.client.Connection(ctx, created.ID); !api.IsNotFound(err) {
			t.Errorf("read after delete: %v", err)
		}
		if err := s.client.DeleteConnection(ctx, created.ID); !api.IsNotFound(err) {
			t.Errorf("second delete: %v", err)
		}
	})
}

func TestHeadersOfOneConnection(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		body := `{"name":"a","system":"mail","settings":{"address":"` + workingAddress + `","username":"svc@example.com"},` +
			`"credentials":{"password":"` + goodPassword + `"},"verify":false}`
		created, text := s.send(t, http.MethodPost, "/v1/connections", body, "Content-Type", "application/json")
		if created.StatusCode != http.StatusCreated || created.Header.Get("ETag") != `"1"` {
			t.Fatalf("created %d %v %s", created.StatusCode, created.Header, text)
		}
		read, _ := s.send(t, http.MethodGet, created.Header.Get("Location"), "")
		if read.StatusCode != http.StatusOK || read.Header.Get("ETag") != `"1"` {
			t.Errorf("read %d %v", read.StatusCode, read.Header)
		}
		deleted, text := s.send(t, http.MethodDelete, created.Header.Get("Location"), "", "If-Match", `"1"`)
		if deleted.StatusCode != http.StatusNoContent || text != "" {
			t.Errorf("deleted %d %q", deleted.StatusCode, text)
		}
	})
}

func TestConnectionsAreFound(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		mail, sales := s.connect(t, "Exchange", "mail"), s.connect(t, "Größe & Co", "sales")
		unverified := newConnection("later", "mail")
		unverified.Verify = new(false)
		later, err := s.client.CreateConnection(t.Context(), unverified)
		if err != nil {
			t.Fatal(err)
		}
		for name, c := range map[string]struct {
			filter api.ConnectionFilter
			want   []string
		}{
			"all, in order":                   {api.ConnectionFilter{}, []string{mail.ID, sales.ID, later.ID}},
			"by name, in another letter case": {api.ConnectionFilter{Name: "GRÖßE & CO"}, []string{sales.ID}},
			"by kind":                         {api.ConnectionFilter{Kind: "crm"}, []string{sales.ID}},
			"by system":                       {api.ConnectionFilter{System: "mail"}, []string{mail.ID, later.ID}},
			"by status":                       {api.ConnectionFilter{Status: "unverified"}, []string{later.ID}},
			"by ids": {
				api.ConnectionFilter{IDs: []string{later.ID, mail.ID, uuid.NewString()}}, []string{mail.ID, later.ID},
			},
			"by everything": {api.ConnectionFilter{
				IDs: []string{later.ID}, Name: "later", Kind: "email", System: "mail", Status: "unverified",
			}, []string{later.ID}},
			"none": {api.ConnectionFilter{Name: "nope"}, nil},
		} {
			found, err := s.client.Connections(t.Context(), c.filter)
			ids := []string{}
			for _, f := range found {
				ids = append(ids, f.ID)
			}
			if err != nil || !slices.Equal(ids, append([]string{}, c.want...)) {
				t.Errorf("%s: %v, %v", name, ids, err)
			}
		}
		if found, err := s.client.ConnectionByName(t.Context(), "EXCHANGE"); err != nil || found.ID != mail.ID {
			t.Errorf("by name: %+v, %v", found, err)
		}
	})
}

func TestPagesFollowEachOther(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
			if _, err := s.client.CreateUser(t.Context(), api.CreateUser{Email: email}); err != nil {
				t.Fatal(err)
			}
		}
		var got []string
		cursor := ""
		for range 4 {
			var page api.List[api.User]
			s.decode(t, "/v1/users?limit=2"+cursor, &page)
			for _, user := range page.Items {
				got = append(got, user.Email)
			}
			if page.Next == "" {
				break
			}
			cursor = "&cursor=" + page.Next
		}
		if !slices.Equal(got, []string{"a@example.com", "b@example.com", "c@example.com"}) {
			t.Errorf("users %v", got)
		}
	})
}

func TestTestsOfAConnection(t *testing.T) {
	t.Parallel()
	forEachTransport(t, func(t *testing.T, s *testServer) {
		ctx := t.Context()
		c := s.connect(t, "Exchange", "mail")
		quick, err := s.client.RunTest(ctx, c.ID, api.RunTest{})
		if err != nil || !quick.Passed || quick.Account != "service_account" || quick.Test != "general" ||
			quick.Identity.Username != "svc@example.com" || len(quick.Checks) == 0 {
			t.Errorf("quick test %+v, %v", quick, err)
		}
		tailored, err := s.client.RunTest(ctx, c.ID, api.RunTest{
			Account: "user", UserEmail: "unknown@example.com", Test: "calendar",
		})
		if err != nil || tailored.Passed || tailored.Fault == nil || tailored.Fault.Code != "user_not_found" ||
			tailored.Fault.Help == nil {
			t.Errorf("tailored test %+v, %v", tailored, err)
		}
		history, err := s.client.Tests(ctx, c.ID, "", 2)
		if err != nil || len(history) != 2 || history[0].ID != tailored.ID || history[1].ID != quick.ID {
			t.Errorf("history %+v, %v", history, err)
		}
		if _, err := s.client.RunTest(ctx, c.ID, api.RunTest{Test: "metadata"}); !api.IsProblem(err, api.ProblemInvalid) {
			t.Errorf("an unsupported test: %v", err)
		}
		if _, err := s.client.RunTest(ctx, uuid.NewString(), api.RunTest{}); !api.IsNotFound(err) {
			t.Errorf("a test of an unknown connection: %v", err)
		}
	})
}
