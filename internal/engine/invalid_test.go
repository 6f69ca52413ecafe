package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCreateReportsAllInvalidFields(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	for name, c := range map[string]struct {
		spoil func(*model.NewConnection)
		// want holds the place of each problem and words of its message.
		want map[string]string
	}{
		"an empty name": {func(n *model.NewConnection) { n.Name = "" }, map[string]string{"name": "must not be empty"}},
		"a name of white space": {
			func(n *model.NewConnection) { n.Name = " \u00a0\u2003" }, map[string]string{"name": "only white space"},
		},
		"a long name": {
			func(n *model.NewConnection) { n.Name = strings.Repeat("ü", 201) }, map[string]string{"name": "201 characters"},
		},
		"a control character": {
			func(n *model.NewConnection) { n.Name = "a\nb" }, map[string]string{"name": "control characters"},
		},
		"broken UTF-8": {func(n *model.NewConnection) { n.Name = "a\xff" }, map[string]string{"name": "UTF-8"}},
		"an unknown system": {
			func(n *model.NewConnection) { n.System, n.Name = "gopher", "" },
			map[string]string{"system": "use one of sales, mailer", "name": "must not be empty"},
		},
		"no settings and no credentials": {
			func(n *model.NewConnection) { n.Settings, n.Credentials = nil, nil },
			map[string]string{
				"settings.url": "required", "settings.username": "required", "credentials": "Set password or key with region",
			},
		},
		"http": {
			func(n *model.NewConnection) { n.Settings["url"] = "http://mail.example.com/" },
			map[string]string{"settings.url": "https"},
		},
		"unknown fields": {
			func(n *model.NewConnection) { n.Settings["color"] = "red"; n.Credentials["pin"] = "1234" },
			map[string]string{"settings.color": "is not a setting", "credentials.pin": "is not a secret"},
		},
		"a secret among the settings": {
			func(n *model.NewConnection) { n.Settings["password"] = "canary" },
			map[string]string{"settings.password": "is a secret"},
		},
		"two grants at once": {
			func(n *model.NewConnection) { n.Credentials["key"] = "{}" },
			map[string]string{"credentials.password": "cannot be combined"},
		},
		"a grant that lacks a setting": {
			func(n *model.NewConnection) { n.Credentials = target.Credentials{"key": "{}"} },
			map[string]string{"settings.region": "also requires region"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			n := newMail("Mail")
			c.spoil(&n)
			_, err := w.CreateConnection(w.ctx, n)
			wantProblems(t, err, c.want)
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows a secret: %v", err)
			}
		})
	}
	if w.mail.calls() != 0 {
		t.Error("the target system was called")
	}
}

func TestANameOf200CharactersIsAName(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	w.create(newMail(strings.Repeat("ü", 200)))
}

func TestPoliciesAndUsersAreValidated(t *testing.T) {
	t.Parallel()
	w := newFixture(t)
	crm, mail := w.create(newCRM("CRM")), w.create(newMail("Mail"))
	policy := func(change func(*model.NewPolicy)) error {
		n := model.NewPolicy{
			Name: "Sync", CRMConnectionID: crm.ID, EmailConnectionID: mail.ID, Enabled: true, Interval: 15 * time.Minute,
		}
		change(&n)
		_, err := w.CreatePolicy(w.ctx, n)
		return err
	}
	user := func(n model.NewUser) error {
		_, err := w.CreateUser(w.ctx, n)
		return err
	}
	for name, c := range map[string]struct {
		err  error
		want map[string]string
	}{
		"an interval of 0": {
			policy(func(n *model.NewPolicy) { n.Interval = 0 }), map[string]string{"interval_seconds": "at least 15 minutes"},
		},
		"an interval just too short": {
			policy(func(n *model.NewPolicy) { n.Interval = 15*time.Minute - 1 }),
			map[string]string{"interval_seconds": "900 seconds"},
		},
		"an interval just too long": {
			policy(func(n *model.NewPolicy) { n.Interval = 31*24*time.Hour + 1 }),
			map[string]string{"interval_seconds": "at most 31 days (2678400 seconds)"},
		},
		"connections on the wrong sides": {
			policy(func(n *model.NewPolicy) { n.CRMConnectionID, n.EmailConnectionID = mail.ID, crm.ID }),
			map[string]string{
				"crm_connection_id":   `"Mail" is not a CRM connection`,
				"email_connection_id": `"CRM" is not an email connection`,
			},
		},
		"a connection that does not exist": {
			policy(func(n *model.NewPolicy) { n.CRMConnectionID, n.Enabled = "nobody", false }),
			map[string]string{"crm_connection_id": `no connection with the id "nobody"`},
		},
		"enabled without connections": {
			policy(func(n *model.NewPolicy) { n.CRMConnectionID, n.EmailConnectionID = "", "" }),
			map[string]string{
				"crm_connection_id": "needs a CRM connection", "email_connection_id": "needs an email connection",
			},
		},
		"a name of nothing": {
			policy(func(n *model.NewPolicy) { n.Name = "\t" }), map[string]string{"name": "must not be empty"},
		},
		"an email that is none": {
			user(model.NewUser{Email: "nobody"}), map[string]string{"email": "one email address"},
		},
		"an email with a display name": {
			user(model.NewUser{Email: "Ann <ann@example.com>"}), map[string]string{"email": "one email address"},
		},
		"an email with a comment": {
			user(model.NewUser{Email: "ann@example.com (Ann)"}), map[string]string{"email": "one email address"},
		},
		"two emails and a long display name": {
			user(model.NewUser{Email: "a@example.com,b@example.com", DisplayName: strings.Repeat("x", 201)}),
			map[string]string{"email": "one email address", "display_name": "201 characters"},
		},
	} {
		t.Run(name, func(t *testing.T) { wantProblems(t, c.err, c.want) })
	}
}

// wantProblems compares the places of an *engine.InvalidError and looks for words in the messages.
func wantProblems(t *testing.T, err error, want map[string]string) {
	t.Helper()
	var invalid *model.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("want an InvalidError, got %v", err)
	}
	got := map[string]string{}
	for _, p := range invalid.Fields {
		got[p.Path] += p.Message
	}
	for path, words := range want {
		if !strings.Contains(got[path], words) {
			t.Errorf("%s: want %q, got %q", path, words, got[path])
		}
	}
	if len(got) != len(want) {
		t.Errorf("want %d problems, got %q", len(want), got)
	}
}
