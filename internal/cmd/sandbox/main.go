// Command sandbox runs stand-ins for target systems on this machine, to try the provider with. It prints their addresses and
// credentials, and has a control endpoint to cause and end failures while it runs. Ctrl-C stops it.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := run(ctx, os.Args[1:], os.Stdout)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "sandbox: %v\n", err)
		os.Exit(1)
	}
}

// run starts everything, prints the start text, and stops everything when the context ends.
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	o, err := parse(args, out)
	if err != nil || o == nil {
		return err
	}
	s, err := start(o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if o.variables != "" {
		if err := writeVariables(o.variables, s); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, removeVariables(o.variables)) }()
	}
	if err := printStartText(out, s, o.variables); err != nil {
		return err
	}
	<-ctx.Done()
	_, err = fmt.Fprintln(out, "Stopped.")
	return err
}

// runningServers has the running stand-ins and their control endpoint.
type runningServers struct {
	systems []serverOptions
	servers []standins.Server
	control *sandbox.Control
}

// start starts all stand-ins. If one fails, it stops the others.
func start(o *settings) (s *runningServers, err error) {
	s = &runningServers{systems: o.systems}
	defer func() {
		if err != nil {
			s, err = nil, errors.Join(err, s.close())
		}
	}()
	var steered []sandbox.Controlled
	for _, system := range o.systems {
		options := sandbox.Options{Address: system.address, Sites: system.sites}
		if o.secure {
			options.TLS = &sandbox.TLS{}
		}
		server, err := system.Start(options)
		if err != nil {
			return s, fmt.Errorf("start the stand-in for %s: %w", system.Name, err)
		}
		s.servers = append(s.servers, server)
		steered = append(steered, server)
	}
	if s.control, err = sandbox.StartControl(o.control, steered...); err != nil {
		return s, fmt.Errorf("start the control endpoint: %w", err)
	}
	return s, nil
}

// close stops everything that was started.
func (s *runningServers) close() error {
	var failed []error
	if s.control != nil {
		failed = append(failed, s.control.Close())
	}
	for _, server := range s.servers {
		failed = append(failed, server.Close())
	}
	return errors.Join(failed...)
}
