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

// patience is how long a command may take to end by itself after it was asked to.
const patience = 15 * time.Second

// Result is what a command said and how it ended.
type Result struct {
	// Output is what it wrote, to standard output and standard error alike.
	Output string
	// Status is its exit status.
	Status int
	// Process tells what it used: time, memory.
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

// Tool is the name of the terraform or tofu in use, as one would type it.
func (d *Dir) Tool() string { return filepath.Base(d.terraform) }

// run runs a program and shows what it writes while it runs. A program that ends with another status than 0 is an
// answer; one that cannot be run, or is cut off by the context, is an error.
func (d *Dir) run(ctx context.Context, show io.Writer, env map[string]string, program string, args ...string) (Result, error) {
	var output bytes.Buffer
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = d.Path()
	cmd.Env = d.environment(env)
	cmd.Stdout = io.MultiWriter(&output, show)
	cmd.Stderr = cmd.Stdout
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) }
	cmd.WaitDelay = patience
	err := cmd.Run()
	var ended *exec.ExitError
	if err != nil && (ctx.Err() != nil || !errors.As(err, &ended)) {
		return Result{}, fmt.Errorf("run %s %s: %w", filepath.Base(program), strings.Join(args, " "), errors.Join(ctx.Err(), err))
	}
	return Result{Output: output.String(), Status: cmd.ProcessState.ExitCode(), Process: cmd.ProcessState}, nil
}
