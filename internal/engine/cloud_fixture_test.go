package engine_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// withCloud adds a cloud to a fixture.
func withCloud(f *cloud) func(*engine.Options) {
	return func(o *engine.Options) { o.Systems = append(o.Systems, f.System) }
}

// cloudFixture is a fixture with a cloud and a connection to it.
type cloudFixture struct {
	*fixture
	cloud *cloud
	id    string
}

func token(refresh string) target.Credentials { return target.Credentials{"refresh_token": refresh} }

func newCloudConnection(name string) model.NewConnection {
	return model.NewConnection{
		Name: name, System: "cloud", Settings: settings(), Credentials: token("first"), Verify: true,
	}
}

// eachCloudFixture runs a test on a store of each type.
func eachCloudFixture(t *testing.T, run func(*testing.T, *cloudFixture)) {
	t.Helper()
	storetest.Each(t, func(t *testing.T, d storetest.Database) { run(t, newCloudFixtureOn(t, d)) })
}

// newCloudFixtureOn returns a fixture with an unverified connection to the cloud.
func newCloudFixtureOn(t *testing.T, d storetest.Database) *cloudFixture {
	t.Helper()
	f := newCloud()
	w := &cloudFixture{fixture: newFixtureOn(t, d, withCloud(f)), cloud: f}
	n := newCloudConnection("Cloud")
	n.Verify = false
	w.id = w.create(n).ID
	return w
}

// secondEngine is a second process on the same store, with an empty token cache.
func (w *cloudFixture) secondEngine() *engine.Engine {
	w.t.Helper()
	systems := []*target.System{w.crm.System, w.mail.System, w.cloud.System}
	return engine.New(w.store, engine.Options{Systems: systems, Now: w.clock.Now})
}

// storedToken reads the stored refresh token.
func (w *cloudFixture) storedToken() (token string) {
	w.t.Helper()
	err := w.store.View(w.ctx, func(tx model.Tx) error {
		connection, err := tx.Connection(w.ctx, w.id)
		if err != nil {
			return err
		}
		c, err := tx.Credentials(w.ctx, model.BindingOf(&connection, w.cloud.System))
		token = c["refresh_token"]
		return err
	})
	if err != nil {
		w.t.Error(err)
	}
	return token
}

// stored returns the refresh token that a new process signs in with.
func (w *cloudFixture) stored() string {
	w.t.Helper()
	w.cloud.set(func(f *cloud) { f.down, f.fault, f.rotate, f.identity, f.during = nil, nil, false, "", nil })
	if _, err := w.secondEngine().TestConnection(w.ctx, w.id, model.TestRequest{Force: true}); err != nil {
		w.t.Fatal(err)
	}
	shown := w.cloud.presentedTokens()
	return shown[len(shown)-1]
}

// requireSignIn fails the test unless a new process can sign in with the stored credentials.
func (w *cloudFixture) requireSignIn() {
	w.t.Helper()
	w.stored()
	if result := must(w.secondEngine().TestConnection(w.ctx, w.id, model.TestRequest{Force: true}))(w.t); !result.Passed {
		w.t.Errorf("the stored credentials do not work: %+v", result.Fault)
	}
}
