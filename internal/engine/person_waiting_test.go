package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Secrets that only a person completes do not replace credentials of another grant that are in force: the connection would stop
// working until a person signs in.
func TestIncompleteSecretsKeepCredentialsInForce(t *testing.T) {
	t.Parallel()
	eachFixtureOf(t, func(t *testing.T, w *fixture, p *person) {
		p.set(func(f *fake) { f.password = "right" })
		c, err := w.CreateConnection(w.ctx, model.NewConnection{
			Name: "by password", System: p.Name, Verify: true, Settings: personSettings(),
			Credentials: target.Credentials{"password": "right"},
		})
		if err != nil {
			t.Fatal(err)
		}
		incomplete := target.Credentials{"app_secret": "s3cret"}
		_, err = w.UpdateConnection(w.ctx, c.ID, model.ConnectionChange{Credentials: incomplete, Verify: true})
		invalid := new(model.InvalidError)
		if !errors.As(err, &invalid) || !strings.Contains(err.Error(), "credentials in force") {
			t.Errorf("got %v", err)
		}
		tested, err := w.TestConnection(w.ctx, c.ID, model.TestRequest{Account: model.ServiceAccount, Test: target.General})
		if err != nil || !tested.Passed {
			t.Errorf("afterwards, the test is %+v, %v", tested, err)
		}
	})
}
