package leak_test

import (
	"context"
	"fmt"
	"slices"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Every way to sign in × every call of a sign-in × every encoding × every secret: the target system repeats it, and nothing that
// the control plane answers, logs or stores contains it.
func TestNothingRepeatedIsShownOrStored(t *testing.T) {
	t.Parallel()
	for _, w := range ways() {
		t.Run(w.name(), func(t *testing.T) {
			t.Parallel()
			m := &matrix{controlPlane: openPlane(t), account: w.start(t)}
			m.create(t)
			for i, encoding := range sandbox.Encodings() {
				for _, fault := range m.faults(encoding, i) {
					m.run(t, fault)
				}
			}
			for _, encoding := range sandbox.Encodings() { // last, since rejected credentials are not sent again
				for _, fault := range m.rejections(encoding) {
					m.run(t, fault)
				}
			}
			m.read(t)
			m.during = ""
			m.readFiles(t)
			if m.failures < m.count/4 {
				t.Errorf("only %d of %d faults made a sign-in fail", m.failures, m.count)
			}
			s := newSearcher()
			canaries := m.addTo(s)
			places := m.search(t, s)
			t.Logf("%d canaries × %d encodings in %d faults, %d places: %d texts with %d bytes, decoded to %d",
				canaries, len(sandbox.Encodings()), m.count, places, s.texts, s.bytes, s.views)
		})
	}
}

// matrix is a connection of one way to sign in, whose target system fails in all ways.
type matrix struct {
	*controlPlane
	*account

	connection api.Connection
	// operations are the calls of a sign-in and a test.
	operations []string
	// count and failures are the scripted faults, and those in which a sign-in failed.
	count, failures int
}

func (m *matrix) request(name string) api.CreateConnection {
	return api.CreateConnection{Name: name, System: m.system.Name, Settings: m.settings, Credentials: m.credentials}
}

// create creates the connection, and learns which calls a sign-in makes.
func (m *matrix) create(t *testing.T) {
	t.Helper()
	var err error
	if m.connection, err = m.CreateConnection(t.Context(), m.request("Connection")); err != nil {
		t.Fatal(err)
	}
	for _, r := range m.server.Requests() {
		if !slices.Contains(m.operations, r.Operation) {
			m.operations = append(m.operations, r.Operation)
		}
	}
}

// run makes the target system fail, signs in and tests.
func (m *matrix) run(t *testing.T, fault sandbox.Fault) {
	t.Helper()
	m.count++
	m.during = fmt.Sprintf("%s %s in %q", fault.Kind, fault.Encoding, fault.Operation)
	m.forget()
	if err := m.fail(fault, sandbox.UntilCleared); err != nil {
		t.Fatal(err)
	}
	defer m.server.Clear()
	if err := m.signIn(t.Context()); err != nil { // not each operation is part of a sign-in
		m.keep(errorText, fmt.Sprintf("%v %+v", err, err))
		m.failures++
	}
	m.forget() // nobody can know the tokens of another sign-in
	test := api.RunTest{Force: true}
	if m.count%2 == 0 {
		test = api.RunTest{Force: true, Account: "user", UserEmail: "ada@example.com", Test: string(m.system.UserTest)}
	}
	if _, err := m.RunTest(t.Context(), m.connection.ID, test); err != nil {
		t.Error(err)
	}
}

// signIn makes the control plane sign in with new tokens, in one of the ways that it has.
func (m *matrix) signIn(ctx context.Context) error {
	switch {
	case m.count%3 == 1:
		_, err := m.UpdateCredentials(ctx, m.connection.ID, 0, api.UpdateCredentials{Credentials: m.credentials})
		return err
	case m.count%3 == 2 && m.system.Revalidates:
		_, err := m.Revalidate(ctx, m.connection.ID, 0, api.Revalidate{})
		return err
	default:
		_, err := m.CreateConnection(ctx, m.request(fmt.Sprintf("Failing %d", m.count)))
		return err
	}
}

// fail scripts a fault. Two systems have a directory of their own, whose faults have a name of their own.
func (m *matrix) fail(fault sandbox.Fault, times int) error {
	if err := m.server.Fail(fault, times); err != nil {
		return err
	}
	if fault.Kind == "echo" && (m.system.Name == "office365" || m.system.Name == "dynamics365") {
		fault.Kind = "entra_echo"
		return m.server.Fail(fault, times)
	}
	return nil
}

// read reads everything that the API has.
func (m *matrix) read(t *testing.T) {
	t.Helper()
	if _, err := m.Connection(t.Context(), m.connection.ID); err != nil {
		t.Error(err)
	}
	if _, err := m.Connections(t.Context(), api.ConnectionFilter{}); err != nil {
		t.Error(err)
	}
}
