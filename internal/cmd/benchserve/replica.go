package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"
)

// startTimeout limits the start of a replica, and stopTimeout its end.
const (
	startTimeout = 30 * time.Second
	stopTimeout  = 40 * time.Second
)

// replica is a running process of the subcommand serve.
type replica struct {
	url     string
	command *exec.Cmd
	log     *lockedBuffer
	ended   chan struct{}
	err     error // of the process; read it after ended
}

// lockedBuffer keeps what a process writes, for errors.
type lockedBuffer struct {
	mu     sync.Mutex
	buffer bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buffer.Write(p)
}

// tail returns the last lines.
func (b *lockedBuffer) tail() string {
	const most = 4 << 10
	b.mu.Lock()
	defer b.mu.Unlock()
	text := b.buffer.Bytes()
	return string(text[max(0, len(text)-most):])
}

// startReplica starts a replica on a free port, and returns when it is ready.
func startReplica(ctx context.Context, binary string, env []string, args ...string) (*replica, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	r := &replica{url: "http://" + address, log: new(lockedBuffer), ended: make(chan struct{})}
	r.command = exec.CommandContext(context.WithoutCancel(ctx), binary, append([]string{"serve", "--listen", address}, args...)...)
	r.command.Env = append(os.Environ(), env...)
	r.command.Stderr, r.command.Stdout = r.log, r.log
	if err := r.command.Start(); err != nil {
		return nil, fmt.Errorf("start a replica: %w", err)
	}
	go func() {
		r.err = r.command.Wait()
		close(r.ended)
	}()
	return r, errors.Join(r.ready(ctx, startTimeout))
}

// freeAddress finds a free port of this machine. It is free until another program takes it.
func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find a free port: %w", err)
	}
	return listener.Addr().String(), listener.Close()
}

// ready waits until the replica answers that it can be used.
func (r *replica) ready(ctx context.Context, limit time.Duration) error {
	ctx, cancel := context.WithTimeoutCause(ctx, limit, fmt.Errorf("%s is not ready within %s:\n%s", r.url, limit, r.log.tail()))
	defer cancel()
	client := &http.Client{Timeout: startTimeout}
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.url+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		if response, err := client.Do(request); err == nil {
			if err := response.Body.Close(); err != nil || response.StatusCode == http.StatusOK {
				return err
			}
		}
		select {
		case <-ticker.C:
		case <-r.ended:
			return fmt.Errorf("the replica ended: %w\n%s", r.err, r.log.tail())
		case <-ctx.Done():
			return context.Cause(ctx)
		}
	}
}

// kill ends the process at once, as kill -9 does.
func (r *replica) kill() error {
	err := r.command.Process.Kill()
	<-r.ended
	return err
}

// stop ends the process in order.
func (r *replica) stop() error {
	select {
	case <-r.ended:
		return nil
	default:
	}
	err := r.command.Process.Signal(syscall.SIGTERM)
	select {
	case <-r.ended:
		return err
	case <-time.After(stopTimeout):
		return errors.Join(err, errors.New("a replica did not stop"), r.kill())
	}
}
