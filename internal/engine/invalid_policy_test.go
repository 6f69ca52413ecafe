package engine_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

func TestPoliciesAndUsersAreValidated(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
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
				policy(func(n *model.NewPolicy) { n.CRMConnectionID, n.Enabled = "unknown", false }),
				map[string]string{"crm_connection_id": `No connection has the id "unknown"`},
			},
			"enabled without connections": {
				policy(func(n *model.NewPolicy) { n.CRMConnectionID, n.EmailConnectionID = "", "" }),
				map[string]string{
					"crm_connection_id": "requires a CRM connection", "email_connection_id": "requires an email connection",
				},
			},
			"an empty name": {
				policy(func(n *model.NewPolicy) { n.Name = "\t" }), map[string]string{"name": "must not be empty"},
			},
			"names with characters that are not visible": {
				policy(func(n *model.NewPolicy) { n.Name = "Nightly\u2066" }), map[string]string{"name": "U+2066"},
			},
			"a user with characters that are not visible": {
				user(model.NewUser{Email: "ann\u200b@example.com", DisplayName: "A\u00adnn"}),
				map[string]string{"email": "U+200B", "display_name": "U+00AD"},
			},
			"an invalid email": {
				user(model.NewUser{Email: "ann"}), map[string]string{"email": "one email address"},
			},
			"an email with a display name": {
				user(model.NewUser{Email: "Ann <ann@example.com>"}), map[string]string{"email": "one email address"},
			},
			"an email with a comment": {
				user(model.NewUser{Email: "ann@example.com (Ann)"}), map[string]string{"email": "one email address"},
			},
			"a long email": {
				user(model.NewUser{Email: strings.Repeat("a", 243) + "@example.com"}), map[string]string{"email": "255 bytes"},
			},
			"two emails and a long display name": {
				user(model.NewUser{Email: "a@example.com,b@example.com", DisplayName: strings.Repeat("x", 201)}),
				map[string]string{"email": "one email address", "display_name": "201 characters"},
			},
		} {
			t.Run(name, func(t *testing.T) { wantInvalidFields(t, c.err, c.want) })
		}
	})
}

// Names that an earlier version accepted do not block other changes.
func TestStoredNameIsNotCheckedAgain(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		p := w.policy("Sync")
		u := w.user("ann@example.com", true)
		if err := w.store.Store.Update(w.ctx, func(tx model.Tx) error {
			c, err := tx.Connection(w.ctx, p.EmailConnectionID)
			c.Name, p.Name, u.Email, u.DisplayName = "Ma\u200bil", "Sy\u200bnc", "ann\u200b@example.com", "A\u200bnn"
			return errors.Join(err, tx.UpdateConnection(w.ctx, c), tx.UpdatePolicy(w.ctx, p), tx.UpdateUser(w.ctx, u))
		}); err != nil {
			t.Fatal(err)
		}
		if err := w.submit(p.EmailConnectionID, "right"); err != nil {
			t.Errorf("connection: %v", err)
		}
		must(w.UpdatePolicy(w.ctx, p.ID, model.PolicyChange{Name: &p.Name, Enabled: new(false)}))(t)
		must(w.UpdateUser(w.ctx, u.ID, model.UserChange{Email: &u.Email, DisplayName: &u.DisplayName, Enabled: new(false)}))(t)
		_, err := w.UpdateUser(w.ctx, u.ID, model.UserChange{DisplayName: new("An\u200bn")})
		wantInvalidFields(t, err, map[string]string{"display_name": "U+200B"})
	})
}
