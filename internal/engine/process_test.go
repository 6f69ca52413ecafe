package engine_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/jobs"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// With this variable set, the test binary is one of several processes that share a database, see runProcess.
const processVariable = "RIVA_TEST_ENGINE_PROCESS"

// processOptions are the value of the variable.
type processOptions struct {
	Database storetest.Database
	PolicyID string
	// Now is what the clock of the process shows when it starts.
	Now time.Time
	// BlockAfter is how many users are checked until the process waits for a line "continue"; negative: it never waits.
	BlockAfter int
	// Measure prints how long the cycle took and how much memory it needed, see measurement.
	Measure bool
}

func TestMain(m *testing.M) {
	options := os.Getenv(processVariable)
	if options == "" {
		m.Run()
		return
	}
	if err := runProcess(options); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// runProcess requests and runs a cycle once it has read a line, and prints what happens: "requested" with an id or "rejected",
// "blocked" and "ended" with an error. It stops when its standard input ends, as it does when the test is over.
func runProcess(options string) (err error) {
	var o processOptions
	if err := json.Unmarshal([]byte(options), &o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	lines := make(chan string, 1)
	go func() {
		defer cancel()
		scanner := bufio.NewScanner(os.Stdin)
		for scanner.Scan() {
			lines <- scanner.Text()
		}
	}()
	db, err := o.Database.Connect(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	mail, crm := newFake("mailer", target.Email), newFake("sales", target.CRM)
	mail.during, mail.forgetful, crm.forgetful = blockAfter(o.BlockAfter, lines), true, true
	began := time.Now()
	worker := jobs.NewWorker(nil)
	e := engine.New(ownClock{db}, engine.Options{
		Systems: []*target.System{crm.System, mail.System}, Enqueue: worker.Enqueue,
		Now: func() time.Time { return o.Now.Add(time.Since(began)) },
	})
	ended := make(chan error, 1)
	worker.Start(runnerFunc(func(ctx context.Context, id string) error {
		stop := func() {}
		if o.Measure {
			stop = measure()
		}
		err := e.RunCycle(ctx, id)
		stop()
		ended <- err
		return err
	}))
	if line, ok := receive(ctx, lines); !ok {
		return fmt.Errorf("read %q and then nothing", line)
	}
	switch c, err := e.RequestCycle(ctx, o.PolicyID); {
	case errors.Is(err, model.ErrCycleRunning):
		fmt.Fprintln(os.Stdout, "rejected")
		return nil
	case err != nil:
		return err
	default:
		fmt.Fprintln(os.Stdout, "requested", c.ID)
	}
	if err, ok := receive(ctx, ended); ok {
		fmt.Fprintln(os.Stdout, "ended", err)
	}
	return worker.Close(context.WithoutCancel(ctx))
}

// blockAfter lets users pass until the process has to wait for a line.
func blockAfter(users int, lines <-chan string) func(context.Context, string) error {
	var mu sync.Mutex
	checked := 0
	return func(ctx context.Context, _ string) error {
		mu.Lock()
		checked++
		blocked := checked == users+1
		mu.Unlock()
		if !blocked {
			return nil
		}
		fmt.Fprintln(os.Stdout, "blocked")
		if _, ok := receive(ctx, lines); !ok {
			return ctx.Err()
		}
		return nil
	}
}

// receive is false if the context ended first.
func receive[T any](ctx context.Context, from <-chan T) (value T, ok bool) {
	select {
	case value = <-from:
		return value, true
	case <-ctx.Done():
		return value, false
	}
}

type runnerFunc func(ctx context.Context, id string) error

func (f runnerFunc) RunCycle(ctx context.Context, id string) error { return f(ctx, id) }

// process is a process that shares the database of a fixture.
type process struct {
	*exec.Cmd
	t      *testing.T
	stdin  io.Writer
	lines  chan string
	stderr bytes.Buffer
}

// startProcess starts a process, which waits for a line before it requests a cycle.
func (w *fixture) startProcess(o processOptions) *process {
	w.t.Helper()
	o.Database = w.database
	options, err := json.Marshal(o)
	if err != nil {
		w.t.Fatal(err)
	}
	p := &process{Cmd: exec.CommandContext(w.t.Context(), os.Args[0]), t: w.t, lines: make(chan string, 8)}
	p.Env, p.Stderr = append(os.Environ(), processVariable+"="+string(options)), &p.stderr
	stdin, err := p.StdinPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	stdout, err := p.StdoutPipe()
	if err != nil {
		w.t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		w.t.Fatal(err)
	}
	p.stdin = stdin
	go func() {
		defer close(p.lines)
		scanner := bufio.NewScanner(stdout)
		for scanner.Scan() {
			p.lines <- scanner.Text()
		}
	}()
	return p
}

// send writes a line to the process.
func (p *process) send(line string) {
	p.t.Helper()
	if _, err := fmt.Fprintln(p.stdin, line); err != nil {
		p.t.Fatal(err)
	}
}

// read returns the next line of the process; empty if there are no more.
func (p *process) read() string {
	p.t.Helper()
	select {
	case line := <-p.lines:
		return line
	case <-time.After(time.Minute):
		p.t.Fatalf("the process prints nothing; its errors:\n%s", p.stderr.String())
		return ""
	}
}

// expect reads the next line, which must begin with a word, and returns the rest of it.
func (p *process) expect(word string) string {
	p.t.Helper()
	var first, rest string
	line := p.read()
	if n, _ := fmt.Sscan(line, &first); n == 1 {
		rest = line[min(len(line), len(first)+1):]
	}
	if first != word {
		p.t.Fatalf("the process printed %q, want %q; its errors:\n%s", line, word, p.stderr.String())
	}
	return rest
}

// kill ends the process as kill -9 does.
func (p *process) kill() {
	p.t.Helper()
	if err := p.Process.Kill(); err != nil {
		p.t.Fatal(err)
	}
	_ = p.Wait() // it reports that the process was killed
}

// end waits for the end of a process that ends by itself.
func (p *process) end() {
	p.t.Helper()
	for p.read() != "" {
	}
	if err := p.Wait(); err != nil || p.stderr.Len() > 0 {
		p.t.Errorf("the process ended with %v and printed\n%s", err, p.stderr.String())
	}
}
