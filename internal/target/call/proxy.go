package call

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ProxyError reports that the proxy of the environment refused to connect to the system.
type ProxyError struct {
	// Host is the host and port of the proxy.
	Host string
	// Status is its HTTP status.
	Status int
}

func (e *ProxyError) Error() string {
	return fmt.Sprintf("the proxy %s refused the connection (HTTP %d)", e.Host, e.Status)
}

// proxy returns the proxy of the environment. The error about a malformed address can contain the proxy's password, so it is
// replaced.
func proxy(req *http.Request) (*url.URL, error) {
	u, err := http.ProxyFromEnvironment(req)
	if err != nil {
		return nil, errors.New("the address of the proxy in the environment is malformed")
	}
	return u, nil
}

// onProxyConnect replaces the library's error about a refused connection, which is the bare text of the status.
func onProxyConnect(_ context.Context, proxy *url.URL, _ *http.Request, response *http.Response) error {
	if response.StatusCode == http.StatusOK {
		return nil
	}
	return &ProxyError{Host: proxy.Host, Status: response.StatusCode}
}

// refusedByProxy is the fault of a proxy that refused the connection. No field of the connection caused it.
func refusedByProxy(e *ProxyError) *target.Fault {
	if e.Status == http.StatusProxyAuthRequired {
		return proxyFault("The proxy %s requires a sign-in of its own (HTTP %d).", e.Host, e.Status)
	}
	fault := proxyFault("The proxy %s refused the connection to the system (HTTP %d).", e.Host, e.Status)
	if e.Status >= http.StatusInternalServerError { // it could not reach the system itself
		fault.Code = target.SystemNotAvailable
	}
	return fault
}

// proxyFault is the fault of a proxy in between. For the arguments see [target.Say].
func proxyFault(message target.Own, args ...any) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, NoField: true, Message: target.Say(message, args...),
		Help: []string{
			"Check the proxy in the environment of the program (HTTPS_PROXY, NO_PROXY): its address, and its user name and password.",
			"Ask the network administrators to allow connections from this machine to the target system.",
		},
	}
}
