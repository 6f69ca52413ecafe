package cli

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

const (
	// freePortTries is how many free ports are tried until one is free on both loopback addresses.
	freePortTries = 20
	// closeTimeout is how long the listener waits for the last page to be delivered.
	closeTimeout = 5 * time.Second
	// requestTimeout is how long a browser may take to send a request.
	requestTimeout = 10 * time.Second
)

// loopback listens for the browser on this machine's loopback addresses.
type loopback struct {
	// address is the public address, such as http://localhost:47100.
	address   string
	listeners []net.Listener
	server    *http.Server
}

// portsInUseError means that all ports are in use that the target system accepts.
type portsInUseError struct{ ports []int }

func (e *portsInUseError) Error() string {
	return fmt.Sprintf("all ports are in use that the target system accepts for the callback (%s): end the program that uses one, "+
		"perhaps another authorize command that waits, or sign in with --paste, which needs no port", joinPorts(e.ports))
}

func joinPorts(ports []int) string {
	words := make([]string, len(ports))
	for i, port := range ports {
		words[i] = strconv.Itoa(port)
	}
	return strings.Join(words, ", ")
}

// listen listens on a port that the target system accepts. Where its redirect addresses say localhost, the browser may call
// either loopback address, so that both are needed: another program on one of them would receive the code.
func listen(ctx context.Context, grant *api.TargetAuthorize) (*loopback, error) {
	addresses, err := loopbackAddresses(ctx, grant.RedirectHost)
	if err != nil {
		return nil, err
	}
	ports := slices.Clone(grant.RedirectPorts)
	if len(ports) == 0 {
		ports = make([]int, freePortTries) // 0 is any free port
	}
	for _, port := range ports {
		listeners, err := listenAll(ctx, addresses, port)
		if err != nil {
			continue // in use
		}
		address := "http://" + net.JoinHostPort(grant.RedirectHost, portOf(listeners[0]))
		return &loopback{address: address, listeners: listeners}, nil
	}
	if len(grant.RedirectPorts) == 0 {
		return nil, errors.New("no port of the loopback address is free")
	}
	return nil, &portsInUseError{ports}
}

// loopbackAddresses are the loopback addresses of a host. Not every machine has that of IPv6.
func loopbackAddresses(ctx context.Context, host string) ([]string, error) {
	addresses := []string{"127.0.0.1"}
	if host == addresses[0] {
		return addresses, nil
	}
	if host != "localhost" {
		return nil, fmt.Errorf("the target system sends the browser to %q, which is not this machine: use --paste", host)
	}
	const ipv6 = "::1"
	if probe, err := listenAll(ctx, []string{ipv6}, 0); err == nil {
		closeAll(probe)
		addresses = append(addresses, ipv6)
	}
	return addresses, nil
}

// listenAll listens on the same port of all addresses, or of none. Port 0 is any free one.
func listenAll(ctx context.Context, addresses []string, port int) ([]net.Listener, error) {
	var listeners []net.Listener
	number := strconv.Itoa(port)
	for _, address := range addresses {
		var config net.ListenConfig
		listener, err := config.Listen(ctx, "tcp", net.JoinHostPort(address, number))
		if err != nil {
			closeAll(listeners)
			return nil, err
		}
		listeners, number = append(listeners, listener), portOf(listener)
	}
	return listeners, nil
}

func portOf(listener net.Listener) string {
	_, port, _ := net.SplitHostPort(listener.Addr().String()) // a TCP address has a port
	return port
}

func closeAll(listeners []net.Listener) {
	for _, listener := range listeners {
		_ = listener.Close() // nothing was written to it
	}
}

// serve serves the pages until close. The handler rejects requests that name another host than the address.
func (l *loopback) serve(handler http.Handler) {
	l.server = &http.Server{
		Handler: handler, ReadTimeout: requestTimeout, IdleTimeout: requestTimeout, MaxHeaderBytes: api.MaxBody / 16,
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError),
	}
	for _, listener := range l.listeners {
		go func() { _ = l.server.Serve(listener) }() // ends with close
	}
}

// close stops to listen at once, and waits for pages that are being delivered.
func (l *loopback) close() {
	if l.server == nil {
		closeAll(l.listeners)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), closeTimeout)
	defer cancel()
	if l.server.Shutdown(ctx) != nil {
		_ = l.server.Close() // a browser that does not read its page
	}
}

// callbackHint says which callback address the app at the target system must have.
func callbackHint(grant *api.TargetAuthorize, redirect string) string {
	if len(grant.RedirectPorts) == 0 {
		return fmt.Sprintf("The app at the target system must accept the callback address http://%s%s, with any port.",
			grant.RedirectHost, pages.CallbackPath)
	}
	return fmt.Sprintf("The app at the target system must have the callback address %s. Register it for each of the ports %s: a "+
		"port can be in use.", redirect, joinPorts(grant.RedirectPorts))
}

func callbackAddress(host string, port int) string {
	return "http://" + net.JoinHostPort(host, strconv.Itoa(port)) + pages.CallbackPath
}
