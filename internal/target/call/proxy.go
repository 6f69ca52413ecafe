package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ProxyError reports that the proxy refused to connect to the system.
type ProxyError struct {
	// Host is the host and port of the proxy.
	Host string
	// Status is its HTTP status.
	Status int
	// Configured means that the proxy is that of the control plane, and not of the environment.
	Configured bool
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy %s refused the connection (HTTP %d)", e.Host, e.Status)
}

// proxy is the way to target systems.
type proxy struct {
	// address returns the proxy for a request; nil for none.
	address func(*http.Request) (*url.URL, error)
	// configured means that it is that of the control plane, and not of the environment.
	configured bool
}

// proxyOf returns the proxy of a network. With a policy for addresses, the environment's does not count.
func proxyOf(n target.Network) proxy {
	if n.Addresses == nil {
		return proxy{address: environmentProxy}
	}
	return proxy{address: http.ProxyURL(n.Addresses.Proxy()), configured: true}
}

// environmentProxy returns the proxy of the environment. The error about a malformed address can contain the proxy's password, so
// it is replaced.
func environmentProxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("the address of the proxy in the environment is malformed")
	}
	return u, nil
}

// onConnect replaces the library's error about a refused connection, which is the bare text of the status.
func (p proxy) onConnect(_ context.Context, address *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Host: address.Host, Status: response.StatusCode, Configured: p.configured}
}

// refusedByProxy is the fault of a proxy that refused the connection. No field of the connection caused it.
func refusedByProxy(e *ProxyError) *target.Fault {
	if e.Status == http.StatusProxyAuthRequired {
		return proxyFault(e.Configured, "The proxy %s requires a sign-in of its own (HTTP %d).", e.Host, e.Status)
	}
	fault := proxyFault(e.Configured, "The proxy %s refused the connection to the system (HTTP %d).", e.Host, e.Status)
	if e.Status >= http.StatusInternalServerError { // it could not reach the system itself
		fault.Code = target.SystemNotAvailable
	}
	return fault
}

// proxyFault is the fault of a proxy: that of the control plane if configured, else that of the environment. For the message and
// its arguments see [target.Say].
func proxyFault(configured bool, message target.Own, args ...any) *target.Fault {
	check := "Check the proxy in the environment of the program (HTTPS_PROXY, NO_PROXY): its address, user name and password."
	if configured {
		check = "Check the proxy of the control plane (--target-proxy): its address, user name and password."
	}
	return &target.Fault{
		Code: target.Misconfigured, NoField: true, Message: target.Say(message, args...),
		Help: []string{check, "Ask the network administrators to allow connections from this machine to the target system."},
	}
}
