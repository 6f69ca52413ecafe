// Package plugin is the life of the provider's own process: Terraform starts it, it serves, and it ends in one of three ways.
// Terraform stops it; it is terminated; or Terraform is killed, and it has to notice that by itself, or it would hold the
// database open for good. In each of them it closes the control planes that it opened, so that everything is in the database
// file once a command has ended.
package plugin

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/signal"
	"sync"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Address is where the registry lists this provider.
const Address = "registry.terraform.io/terraform-provider-riva/riva"

// ErrTerminated means that the process was asked to end before Terraform stopped it.
var ErrTerminated = errors.New("terminated")

// ErrOrphaned means that Terraform ended without stopping the provider, as if it was killed.
var ErrOrphaned = errors.New("the process that started the provider has ended")

// Options say what is served.
type Options struct {
	// Version is what the provider says of itself.
	Version string
	// Systems is the catalog of target systems.
	Systems []*target.System
	// Debug waits for a debugger and prints how Terraform can attach. The parent is a shell then, and is not watched.
	Debug bool
}

// Serve serves the provider until it ends, and closes what it opened. The error is nil if Terraform stopped it.
func Serve(ctx context.Context, o Options) error {
	// Once Terraform is gone, writing to it fails. It must not kill the process before everything is closed.
	signal.Ignore(syscall.SIGPIPE)
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	var orphaned <-chan struct{} // nil: never
	if !o.Debug {
		orphaned = parentEnded(ctx)
	}
	planes := new(planes)
	served := make(chan error, 1)
	go func() {
		served <- providerserver.Serve(context.WithoutCancel(ctx), provider.New(o.Version, o.Systems, planes.open),
			providerserver.ServeOpts{Address: Address, Debug: o.Debug, ProtocolVersion: 6})
	}()
	var err error
	select {
	case err = <-served:
	case <-orphaned:
		err = ErrOrphaned
	case <-ctx.Done():
		err = ErrTerminated
	}
	return errors.Join(err, planes.close())
}

// planes are the embedded control planes of this process.
type planes struct {
	mu  sync.Mutex
	all []io.Closer
}

func (p *planes) open(ctx context.Context, o provider.EmbeddedOptions) (provider.Embedded, error) {
	plane, err := embedded.Open(ctx, embedded.Options{
		DataDir: o.DataDir, Keyset: o.Keyset, Version: o.Version, Systems: o.Systems, Logger: o.Logger,
	})
	if err != nil {
		return nil, err // not the nil plane: the interface around it would not be nil
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.all = append(p.all, plane)
	return plane, nil
}

func (p *planes) close() error {
	p.mu.Lock()
	defer p.mu.Unlock()
	var failed error
	for _, plane := range p.all {
		failed = errors.Join(failed, plane.Close())
	}
	if failed != nil {
		return fmt.Errorf("end the provider: %w", failed)
	}
	return nil
}
