package plane_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"os"
	"os/exec"
	"sync/atomic"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// With this variable set, the test binary is a machine, see runMachine.
const machineVariable = "RIVA_TEST_MACHINE"

// machineOptions are the value of the variable.
type machineOptions struct {
	Database storetest.Database
	// Ahead is by how much the clock of the machine is wrong.
	Ahead time.Duration
	// Durable makes it a replica, whose cycles run in slices of that many users; zero for a process with cycles of its own.
	Durable int
}

func TestMain(m *testing.M) {
	options := os.Getenv(machineVariable)
	if options == "" {
		m.Run()
		return
	}
	if err := runMachine(options); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// runMachine prints the address of a control plane, and serves it until the standard input ends.
func runMachine(options string) (err error) {
	var o machineOptions
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return err
	}
	opened, err := o.Database.Connect(context.Background(), catalog.All())
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, opened.Close()) }()
	var taken takenCycles
	p := newPlane(opened, plane.Options{
		StoreName: o.Database.Type(), Now: func() time.Time { return time.Now().Add(o.Ahead) },
		Observer: &taken, DurableCycles: o.Durable > 0, SliceUsers: o.Durable, Logger: slog.New(slog.NewTextHandler(os.Stderr, nil)),
	})
	if err := p.Start(context.Background()); err != nil {
		return err
	}
	server := httptest.NewServer(p.Handler())
	defer server.Close()
	fmt.Fprintln(os.Stdout, server.URL)
	_, err = io.Copy(io.Discard, os.Stdin)
	err = errors.Join(err, p.Close(context.Background()))
	fmt.Fprintln(os.Stdout, taken.Load())
	return err
}

// takenCycles counts how often a machine takes a cycle.
type takenCycles struct{ atomic.Int64 }

func (*takenCycles) SignedIn(string, target.Code)            {}
func (*takenCycles) Tested(string, target.Test, target.Code) {}
func (c *takenCycles) CycleTaken()                           { c.Add(1) }
func (*takenCycles) CycleLeft()                              {}
func (*takenCycles) CycleEnded(string)                       {}
func (*takenCycles) PersonSignedIn(string, string)           {}

// newPlane returns a control plane that knows all target systems.
func newPlane(s *store.Store, o plane.Options) *plane.Plane {
	o.Store, o.Systems, o.Network, o.Embedded = s, catalog.All(), target.Network{LoopbackHTTP: true}, true
	return plane.New(o)
}

// machine is a process with a control plane. It shares the database and the keyset with other machines, and nothing else.
type machine struct {
	*api.Client
	url     string
	command *exec.Cmd
	stdin   io.Closer
	stdout  *bufio.Scanner
}

func startMachine(t *testing.T, o machineOptions) *machine {
	t.Helper()
	options, err := json.Marshal(o)
	if err != nil {
		t.Fatal(err)
	}
	m := &machine{command: exec.Command(os.Args[0])}
	home := t.TempDir()
	m.command.Dir = home
	m.command.Env = append(os.Environ(), machineVariable+"="+string(options), "HOME="+home, "XDG_CONFIG_HOME="+home)
	m.command.Stderr = t.Output()
	if m.stdin, err = m.command.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	stdout, err := m.command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := m.command.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if m.command.ProcessState != nil {
			return // killed or stopped
		}
		if err := errors.Join(m.stdin.Close(), m.command.Wait()); err != nil {
			t.Errorf("stop a machine: %v", err)
		}
	})
	m.stdout = bufio.NewScanner(stdout)
	if !m.stdout.Scan() {
		t.Fatalf("the machine printed nothing: %v", m.stdout.Err())
	}
	m.url = m.stdout.Text()
	if m.Client, err = api.NewClient(api.Options{BaseURL: m.url}); err != nil {
		t.Fatal(err)
	}
	return m
}

// stop ends the machine in good order, and returns how often it took a cycle.
func (m *machine) stop(t *testing.T) (taken string) {
	t.Helper()
	if err := m.stdin.Close(); err != nil {
		t.Fatal(err)
	}
	for m.stdout.Scan() {
		taken = m.stdout.Text()
	}
	if err := m.command.Wait(); err != nil {
		t.Errorf("stop a machine: %v", err)
	}
	return taken
}

// kill ends the machine as kill -9 does.
func (m *machine) kill(t *testing.T) {
	t.Helper()
	if err := m.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = m.command.Wait() // it reports that the process was killed
}
