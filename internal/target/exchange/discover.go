package exchange

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// discovery finds EWS from the address of Outlook on the web.
//
// Microsoft's algorithm continues with hosts whose names are derived from the domain of an email address. Credentials are bound
// to the host in owa_url, so nothing is sent to any other host: not to those, and not to the target of a redirect. If EWS have
// their default path, no credentials are needed to find them. Rejected credentials end the search, against Microsoft's advice
// to continue, so that a wrong password counts once and does not lock the account.
type discovery struct {
	*session
	client *http.Client // follows no redirects: a redirect turns a POST into a GET
	origin *url.URL     // scheme and host of owa_url
	hops   int
	tried  []target.Text // the messages of the addresses without a result
	// unclear: one of them may be a refusal of the credentials.
	unclear bool
}

// defaultPath is the default path of EWS.
const defaultPath = "/EWS/Exchange.asmx"

// maxHops limits the redirects of one discovery, like the EWS Managed API.
const maxHops = 10

// discover finds the address of EWS. Its errors are *[target.Fault], unless the call was canceled.
func (s *session) discover(ctx context.Context) (string, error) {
	owa, err := url.Parse(target.CanonicalURL(s.Account.Setting(owaURL)))
	if err != nil {
		return "", fmt.Errorf("read owa_url: %w", err)
	}
	d := &discovery{session: s, origin: &url.URL{Scheme: owa.Scheme, Host: owa.Host}}
	d.client = &http.Client{
		Transport:     s.Client.Transport,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	address := d.address(defaultPath)
	if there, err := d.isEWS(ctx, address); there || err != nil {
		return address, err
	}
	return d.autodiscover(ctx)
}

// address returns an address on the host of owa_url.
func (d *discovery) address(path string) string { return d.origin.String() + path }

// isEWS reports whether EWS respond at an address: they require a sign-in, or accept the client certificate.
func (d *discovery) isEWS(ctx context.Context, address string) (bool, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return false, fmt.Errorf("make request for EWS: %w", err)
	}
	response, err := d.transmit(d.client, req)
	if err != nil {
		return false, d.unreachable(err)
	}
	switch fault := d.certificateResponseFault(response); {
	case response.Status == http.StatusUnauthorized:
		return true, nil
	case fault != nil:
		return false, fault
	case d.required == certificate && (response.Status == http.StatusOK || d.redirectsToEWS(response)):
		return true, nil
	}
	return false, d.noteFailure(response)
}

// redirectsToEWS reports whether a response redirects to the description of EWS, as for a browser that is signed in.
func (d *discovery) redirectsToEWS(r call.Response) bool {
	to, err := locationOf(r)
	return err == nil && d.isSameHost(to) && strings.HasPrefix(strings.ToLower(to.Path), "/ews/")
}

// noteFailure notes a response without a result; if the system is down or throttles, or a proxy refuses, it
// returns a fault that ends the search.
func (d *discovery) noteFailure(r call.Response) error {
	fault := d.ews.Classifier.FaultOf(r, nil)
	if fault == nil {
		fault = d.ews.Classifier.UnusableResponse(r, "not that of Exchange")
	}
	if fault.Code == target.SystemNotAvailable || fault.Code == target.Throttled || fault.NoField {
		return fault
	}
	d.unclear = d.unclear || fault.Unclear
	text := fault.Message
	if to, err := locationOf(r); err == nil {
		text = target.Say("%s redirects to %s.", r.URL.Path, withoutQuery(to))
	}
	d.tried = append(d.tried, text)
	return nil
}

// notFoundFault returns the fault of a host without EWS.
func (d *discovery) notFoundFault() *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: owaURL, Unclear: d.unclear,
		Message: target.Say("Exchange Web Services were not found from owa_url; set ews_url instead. %s", target.Join(d.tried, " ")),
	}
}

// otherHostFault returns the fault of a response that names another host.
func (d *discovery) otherHostFault(what target.Own, to *url.URL, address string) *target.Fault {
	return &target.Fault{
		Code: target.Misconfigured, Field: owaURL,
		Message: target.Say("%s %s, which is not on the host of owa_url. Nothing was sent there. "+
			"If that is the right address, set ews_url = %q instead of owa_url.", what, withoutQuery(to), address),
	}
}

// isSameHost reports whether an address is on the host that the credentials are bound to.
func (d *discovery) isSameHost(u *url.URL) bool {
	return target.CanonicalURL(u.Scheme+"://"+u.Host) == target.CanonicalURL(d.origin.String())
}

func (d *discovery) unreachable(err error) error {
	if fault, ok := target.AsFault(err); ok {
		return fault
	}
	return d.ews.Classifier.Unreachable(err)
}

// locationOf returns the target of a redirect.
func locationOf(r call.Response) (*url.URL, error) {
	if r.Status < 300 || r.Status > 399 {
		return nil, http.ErrNoLocation
	}
	to, err := url.Parse(r.Header.Get("Location"))
	if err != nil || to.String() == "" {
		return nil, http.ErrNoLocation
	}
	return r.URL.ResolveReference(to), nil
}

// withoutQuery returns an address without the parts that may contain secrets.
func withoutQuery(u *url.URL) string {
	return (&url.URL{Scheme: u.Scheme, Host: u.Host, Path: u.Path}).String()
}
