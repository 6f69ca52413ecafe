package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
)

// figures is the cost of one command.
type figures struct {
	wall time.Duration
	// cpu is the CPU time of Terraform and its plugins; pluginCPU is the part of the plugins, sampled.
	cpu, pluginCPU time.Duration
	// memory and pluginMemory are the largest resident sets of Terraform and of a plugin, in bytes; 0 if unknown.
	memory, pluginMemory int64
	// calls counts the calls of the control plane by kind; nil if they were not counted.
	calls calls
}

// subject is a configuration in a working directory, with the control plane that it uses.
type subject struct {
	kind  string
	place string // of the control plane; empty without one
	dir   *workdir.Dir
	env   map[string]string
	// server counts the calls; nil without a control plane or with an embedded one.
	server *countingServer
}

func (s *subject) isEmbedded() bool { return s.place != "" && s.server == nil }

// measure runs terraform once.
func (s *subject) measure(ctx context.Context, args ...string) (figures, error) {
	if s.server != nil {
		s.server.reset()
	}
	var meter *processMeter
	s.dir.Started = func(pid int) { meter = startMeter(pid) }
	defer func() { s.dir.Started = nil }()
	start := time.Now()
	result, err := s.terraform(ctx, nil, args...)
	wall := time.Since(start)
	if meter == nil {
		return figures{}, err
	}
	f := meter.stop()
	if err != nil {
		return figures{}, err
	}
	// Those of a process include its children that have exited.
	f.wall, f.cpu = wall, result.Process.UserTime()+result.Process.SystemTime()
	if s.server != nil {
		f.calls = s.server.reset()
	}
	return f, nil
}

// logged runs terraform once and returns the calls of the control plane according to the provider's log.
func (s *subject) logged(ctx context.Context, args ...string) (calls, error) {
	log := filepath.Join(s.dir.Path(), "calls.log")
	_, err := s.terraform(ctx, map[string]string{
		"TF_LOG_PROVIDER": "DEBUG", "TF_LOG_SDK": "OFF", "TF_LOG_PROVIDER_RIVA_API": "DEBUG", "TF_LOG_PATH": log,
	}, args...)
	if err != nil {
		return nil, err
	}
	file, err := os.Open(log)
	if err != nil {
		return nil, fmt.Errorf("count the calls: %w", err)
	}
	defer func() { _ = file.Close() }()
	return callsInLog(file)
}

// terraform runs terraform, which must succeed.
func (s *subject) terraform(ctx context.Context, extra map[string]string, args ...string) (workdir.Result, error) {
	if args[0] != "providers" {
		args = append(args, "-no-color", "-input=false")
	}
	env := maps.Clone(s.env)
	maps.Copy(env, extra)
	result, err := s.dir.Terraform(ctx, io.Discard, env, args...)
	if err != nil {
		return result, errors.Join(context.Cause(ctx), err)
	}
	if result.Status != 0 {
		err = fmt.Errorf("%s %s: terraform %v exited with status %d:\n%s",
			s.kind, s.place, args, result.Status, lastLines(result.Output))
	}
	return result, err
}

// lastLines returns the end of an output, where the errors are.
func lastLines(output string) string {
	const limit = 4000
	return output[max(0, len(output)-limit):]
}
