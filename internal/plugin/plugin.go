// Package plugin is the lifecycle of the provider's process. Terraform starts the process, and it serves the provider until it
// ends in one of three ways: Terraform stops it; it receives a signal to terminate; or Terraform is killed. Terraform cannot
// report the last one, so the process watches its parent. Otherwise it would run forever and keep the database open.
//
// In all three cases the process closes the embedded control planes that it opened. After that, the database file is complete:
// a copy of it between two commands has everything.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/garbage"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Address is the address of this provider in the registry.
const Address = "registry.terraform.io/terraform-provider-riva/riva"

// ErrTerminated means that the process received a signal to terminate before Terraform stopped the provider.
var ErrTerminated = errors.New("terminated by a signal")

// ErrOrphaned means that Terraform ended without stopping the provider, as when it is killed.
var ErrOrphaned = errors.New("the process that started the provider has ended")

// Options configure what is served.
type Options struct {
	// Version is the version of the provider.
	Version string
	// Systems is the catalog of target systems.
	Systems []*target.System
	// Debug waits for a debugger and prints how Terraform can attach. The parent is a shell then: it is not watched, and its
	// terminal shows the whole log.
	Debug bool
}

// Serve serves the provider until the process has to end, and closes what was opened. The error is nil if Terraform stopped the
// provider. An interrupt from the keyboard reaches Terraform as well, which decides when the provider stops.
func Serve(ctx context.Context, o Options) error {
	garbage.Tune()
	// Writing to a Terraform process that has ended fails. It must not kill this process before everything is closed.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(ctx, terminationSignals()...)
	defer stop()
	context.AfterFunc(ctx, stop) // so that a second signal stops the process at once
	var orphaned <-chan struct{} // nil: never
	var options []tf6server.ServeOpt
	if o.Debug {
		options = append(options, tf6server.WithManagedDebug())
	} else {
		if err := limitLog(); err != nil {
			return err
		}
		orphaned = parentEnded(ctx)
	}
	planes := newPlanes()
	served := make(chan error, 1)
	go func() {
		served <- tf6server.Serve(Address, provider.New(o.Version, o.Systems, planes.open), options...)
	}()
	var err error
	select {
	case err = <-served:
	case <-orphaned:
		err = ErrOrphaned
	case <-ctx.Done():
		err = ErrTerminated
	}
	return errors.Join(err, planes.close(context.WithoutCancel(ctx), err == nil))
}

// terminationSignals lists the signals to terminate. The signal of a closed terminal is one of them unless it is ignored, as
// with nohup.
func terminationSignals() []os.Signal {
	signals := []os.Signal{syscall.SIGTERM}
	if !signal.Ignored(syscall.SIGHUP) {
		signals = append(signals, syscall.SIGHUP)
	}
	return signals
}

// planes are the embedded control planes of this process.
type planes struct {
	// life ends when the planes are closed: nothing is opened after that.
	life context.Context //nolint:containedctx // it is the life of the process
	end  context.CancelFunc

	mu  sync.Mutex
	all []*embedded.Lazy
}

func newPlanes() *planes {
	p := new(planes)
	p.life, p.end = context.WithCancel(context.Background())
	return p
}

func (p *planes) open(ctx context.Context, o provider.EmbeddedOptions) (provider.Embedded, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(p.life, cancel)()
	p.mu.Lock() // close waits for it
	defer p.mu.Unlock()
	if p.life.Err() != nil {
		return nil, embedded.ErrClosed
	}
	plane, err := embedded.OpenLazy(ctx, embedded.Options{
		DataDir: o.DataDir, DatabaseURL: o.DatabaseURL, CACertificate: o.CACertificate, Keyset: o.Keyset, KeysetJSON: o.KeysetJSON,
		Version: o.Version, Systems: o.Systems, Logger: o.Logger,
	})
	if err != nil {
		return nil, err // not the nil plane: the interface around it would not be nil
	}
	p.all = append(p.all, plane)
	return plane, nil
}

// close closes the control planes. Terraform has all responses if it stopped the provider. In any case, requests that are still
// running have no client any more.
func (p *planes) close(ctx context.Context, stopped bool) error {
	p.end()
	p.mu.Lock()
	defer p.mu.Unlock()
	var failed error
	ctx, cancel := context.WithTimeout(ctx, confirmTimeout)
	defer cancel()
	for _, plane := range p.all {
		failed = errors.Join(failed, plane.Abort(ctx, stopped))
	}
	if failed != nil {
		return fmt.Errorf("end the provider: %w", failed)
	}
	return nil
}

// confirmTimeout limits recording that Terraform has all responses: Terraform kills a provider that does not end within two
// seconds.
const confirmTimeout = time.Second
