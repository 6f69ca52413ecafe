package workdir

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// stopTimeout is how long a command may take to exit after it was interrupted.
const stopTimeout = 15 * time.Second

// Result is the result of a command.
type Result struct {
	// Output is its standard output and standard error.
	Output string
	// Status is its exit status.
	Status int
	// Process has its resource usage: time, memory.
	Process *os.ProcessState
}

// Terraform runs terraform (or tofu) in the working directory.
func (d *Dir) Terraform(ctx context.Context, show io.Writer, env map[string]string, args ...string) (Result, error) {
	return d.run(ctx, show, env, d.terraform, args...)
}

// Provider runs the provider's own binary in the working directory.
func (d *Dir) Provider(ctx context.Context, show io.Writer, env map[string]string, args ...string) (Result, error) {
	return d.run(ctx, show, env, d.provider, args...)
}

// Tool is the name of the terraform or tofu command.
func (d *Dir) Tool() string { return filepath.Base(d.terraform) }

// run runs a program and copies its output to show while it runs. An exit status other than 0 is a result. If the program cannot
// be run, or the context ends, run returns an error.
func (d *Dir) run(ctx context.Context, show io.Writer, env map[string]string, program string, args ...string) (Result, error) {
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = d.Path()
	cmd.Env = d.environment(env)
	cmd.Stdout = io.MultiWriter(&output, show)
	cmd.Stderr = cmd.Stdout
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = stopTimeout
	err := cmd.Start()
	if err == nil {
		if d.Started != nil {
			d.Started(cmd.Process.Pid)
		}
		err = cmd.Wait()
	}
	var exit *exec.ExitError
	if err != nil && (ctx.Err() != nil || !errors.As(err, &exit)) {
		return Result{}, fmt.Errorf("run %s %s: %w", filepath.Base(program), strings.Join(args, " "), errors.Join(ctx.Err(), err))
	}
	return Result{Output: output.String(), Status: cmd.ProcessState.ExitCode(), Process: cmd.ProcessState}, nil
}
