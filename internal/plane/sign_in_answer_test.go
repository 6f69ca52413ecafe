package plane_test

import (
	"net/http"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// anyAccount returns a control plane, and a link for a Microsoft 365 connection that any account may sign in with.
func anyAccount(t *testing.T) (*replicas, standIn, api.Revalidation) {
	t.Helper()
	systems := catalog.All()
	office365, ok := systems.Find("office365")
	if !ok {
		t.Fatal("the system is missing")
	}
	var anybody atomic.Bool
	expected := office365.Expected
	office365.Expected = func(a target.Account) target.Expected {
		if anybody.Load() {
			return target.Expected{}
		}
		return expected(a)
	}
	r := startReplicas(t, storetest.SQLite(t), systems)
	s := standIns(t, r.address+pages.CallbackPath)["office365"]
	s.create.Name = "any account"
	created, err := r.client.CreateConnection(t.Context(), s.create)
	if err != nil {
		t.Fatal(err)
	}
	anybody.Store(true)
	requested, err := r.client.Revalidate(t.Context(), created.ID, 0, api.Revalidate{Interactive: true, Confirm: true})
	if err != nil {
		t.Fatal(err)
	}
	return r, s, requested
}

// The person answers on the page: no discards the sign-in and offers another one, yes stores it.
func TestPersonAnswersOnPage(t *testing.T) {
	t.Parallel()
	r, s, requested := anyAccount(t)
	browser := sandboxtest.Browser(t, r.authority)
	ask := func() *person.Page {
		t.Helper()
		page := r.signInWith(t, browser, string(requested.AuthorizationURL), s.username, s.password, person.Choices{Another: true})
		if page.Heading != "Is this the right account?" || !strings.Contains(page.Text, s.username) || len(page.Buttons) != 2 {
			t.Fatalf("the question: %d %s", page.Status, page.Text)
		}
		return page
	}
	question := ask()
	page, err := question.Press(t.Context(), pages.ConfirmNo)
	if err != nil || page.Heading != "The sign-in was discarded" || page.Button("Start again") == nil {
		t.Fatalf("no: %+v, %v", page, err)
	}
	found, err := r.client.Revalidation(t.Context(), requested.ConnectionID, requested.ID)
	if err != nil || found.State != api.RevalidationPending || found.Connection.Status != api.StatusBlank {
		t.Fatalf("after the no: %+v, %v", found, err)
	}
	if again, err := question.Press(t.Context(), pages.ConfirmYes); err != nil || again.Heading != "This sign-in was already used" {
		t.Errorf("yes after no: %+v, %v", again, err)
	}
	question = ask()
	if page, err = question.Press(t.Context(), pages.ConfirmYes); err != nil || page.Status != http.StatusOK ||
		page.Heading != "Connection has been configured successfully!" {
		t.Fatalf("yes: %+v, %v", page, err)
	}
	found, err = r.client.Revalidation(t.Context(), requested.ConnectionID, requested.ID)
	if err != nil || found.State != api.RevalidationSucceeded || found.Identity.Username != s.username {
		t.Fatalf("after the yes: %+v, %v", found, err)
	}
	if again, err := question.Press(t.Context(), pages.ConfirmNo); err != nil || again.Heading != "This link has ended" {
		t.Errorf("no after yes: %+v, %v", again, err)
	}
}
