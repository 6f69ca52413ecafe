package acctest

import (
	"bytes"
	"os/exec"
	"strings"
	"time"
)

// Running is a Terraform command that was started.
type Running struct {
	command *exec.Cmd
	output  bytes.Buffer
	err     error
	ended   chan struct{}
}

// Start is [Command.Run] for commands that run while the test does something else. They end with the test.
func (c *Command) Start(args ...string) *Running {
	c.w.t.Helper()
	r := &Running{command: newTerraform(c.w.t, c.Dir, c.environment(), args...), ended: make(chan struct{})}
	r.command.Stdout, r.command.Stderr = &r.output, &r.output
	r.command.WaitDelay = 5 * time.Second // it was killed, and one of its own processes still holds its output
	if err := r.command.Start(); err != nil {
		c.w.t.Fatalf("start terraform %s: %v", strings.Join(args, " "), err)
	}
	go func() {
		defer close(r.ended)
		r.err = r.command.Wait()
	}()
	return r
}

// PID is the id of Terraform's process.
func (r *Running) PID() int { return r.command.Process.Pid }

// Kill ends Terraform's process as kill -9 does. The provider's process is another one.
func (r *Running) Kill() error { return r.command.Process.Kill() }

// Ended is closed when the command has ended.
func (r *Running) Ended() <-chan struct{} { return r.ended }

// Wait waits for the end and returns all that the command printed.
func (r *Running) Wait() (string, error) {
	<-r.ended
	return r.output.String(), r.err
}
