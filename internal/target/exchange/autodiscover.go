package exchange

import (
	"bytes"
	"cmp"
	"context"
	"encoding/xml"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// service is one of the two protocols of Autodiscover.
type service struct {
	path       string
	newRequest func(address string) any
	read       func(body []byte) (*autodiscoverResult, error)
}

// services are the protocols in the order that Microsoft recommends.
func services() []service {
	return []service{
		{"/autodiscover/autodiscover.svc", newSOAPRequest, readSOAP},
		{"/autodiscover/autodiscover.xml", newPOXRequest, readPOX},
	}
}

// autodiscoverResult is a response of Autodiscover: the address of EWS, a redirect to another URL or to another email address, or
// an error. All members are empty if the response contains none of these.
type autodiscoverResult struct {
	ewsURL          string
	redirectURL     string
	redirectAddress string
	failure         *call.SystemError
}

// autodiscover requests the address of EWS for the service account's mailbox from the host's Autodiscover.
func (d *discovery) autodiscover(ctx context.Context) (string, error) {
	address := d.mailbox()
	if address == "" {
		return "", &target.Fault{
			Code: target.Misconfigured, Field: mailbox,
			Message: target.Say("%s Autodiscover requires an email address: set mailbox, or ews_url instead of owa_url.",
				target.Join(d.tried, " ")),
		}
	}
	for _, service := range services() {
		found, err := d.lookUp(ctx, service, address)
		if found != "" || err != nil {
			return found, err
		}
	}
	return "", d.notFoundFault()
}

// mailbox returns the address of the service account, if it is known before the sign-in.
func (d *discovery) mailbox() string {
	if given := d.Account.Setting(mailbox); given != "" {
		return given
	}
	if user := d.Account.Setting(username); strings.Contains(user, "@") {
		return user
	}
	return ""
}

// lookUp calls one service and follows its redirects. It returns neither an address nor an error if the service finds nothing.
func (d *discovery) lookUp(ctx context.Context, service service, address string) (string, error) {
	at := d.address(service.path)
	for {
		response, err := d.post(ctx, at, service.newRequest(address))
		if err != nil {
			return "", err
		}
		found := &autodiscoverResult{}
		switch to, redirect := locationOf(response); {
		case redirect == nil:
			found.redirectURL = to.String()
		case response.Status != http.StatusOK:
			return "", d.statusFault(response)
		default:
			if found, err = service.read(response.Body); err != nil {
				return "", d.noteUnusable(response, err)
			}
		}
		next, done, err := d.follow(found, at, address)
		if err != nil || done != "" {
			return done, err
		}
		if next == (autodiscoverResult{}) {
			return "", d.noteFailure(response)
		}
		at, address = next.redirectURL, next.redirectAddress
	}
}

// follow returns the address of EWS in a response, or the next URL and email address to try; neither if the response has none of
// these.
func (d *discovery) follow(found *autodiscoverResult, at, address string) (next autodiscoverResult, done string, err error) {
	switch {
	case found.failure != nil:
		return autodiscoverResult{}, "", d.errorFault(found.failure)
	case found.ewsURL != "":
		done, err := d.checkAddress(found.ewsURL)
		return autodiscoverResult{}, done, err
	case found.redirectURL == "" && found.redirectAddress == "":
		return autodiscoverResult{}, "", nil
	}
	if d.hops++; d.hops > maxHops {
		return autodiscoverResult{}, "", d.fault("Autodiscover redirects more than %d times.", maxHops)
	}
	next = autodiscoverResult{redirectURL: cmp.Or(found.redirectURL, at), redirectAddress: cmp.Or(found.redirectAddress, address)}
	to, parsed := url.Parse(next.redirectURL)
	switch {
	case parsed != nil || to.Host == "":
		return autodiscoverResult{}, "", d.fault("Autodiscover redirects to an invalid address.")
	case !d.isSameHost(to):
		return autodiscoverResult{}, "", d.otherHostFault("Autodiscover redirects to", to, to.Scheme+"://"+to.Host+defaultPath)
	case next.redirectURL == at && strings.EqualFold(next.redirectAddress, address):
		return autodiscoverResult{}, "", d.fault("Autodiscover redirects in a circle.")
	}
	return next, "", nil
}

// checkAddress returns the reported address of EWS, if it is on the host of owa_url.
func (d *discovery) checkAddress(reported string) (string, error) {
	to, err := url.Parse(reported)
	switch {
	case err != nil || to.Host == "":
		return "", d.fault("Autodiscover returned an invalid address.")
	case !d.isSameHost(to):
		return "", d.otherHostFault("Autodiscover reports that Exchange Web Services are at", to, withoutQuery(to))
	}
	return target.CanonicalURL(withoutQuery(to)), nil
}

func (d *discovery) fault(message target.Own, args ...any) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: owaURL, Message: target.Say(message, args...)}
}

// post sends a request with the credentials.
func (d *discovery) post(ctx context.Context, address string, request any) (call.Response, error) {
	body, err := xml.Marshal(request)
	if err != nil {
		return call.Response{}, fmt.Errorf("write request for Autodiscover: %w", err)
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(append([]byte(xml.Header), body...)))
	if err != nil {
		return call.Response{}, fmt.Errorf("make request for Autodiscover: %w", err)
	}
	req.Header.Set("Content-Type", "text/xml; charset=utf-8")
	response, err := d.sendWith(d.client, req)
	if err != nil {
		return call.Response{}, d.unreachable(err)
	}
	return response, nil
}

// statusFault handles a status other than 200. Rejected credentials end the search. A missing service does not, and if one
// service fails, the other may still work.
func (d *discovery) statusFault(r call.Response) error {
	if fault := d.responseFault(r); fault != nil {
		return fault
	}
	if r.Status == http.StatusUnauthorized {
		return d.ews.Classifier.FaultOf(r, nil)
	}
	if r.Status == http.StatusInternalServerError {
		d.tried = append(d.tried, d.ews.Classifier.FaultOf(r, nil).Message)
		return nil
	}
	return d.noteFailure(r)
}

// noteUnusable notes a response that cannot be decoded; a truncated one ends the search.
func (d *discovery) noteUnusable(r call.Response, err error) error {
	fault := d.ews.Classifier.UnreadableResponse(r, err)
	if fault.Code != target.Misconfigured {
		return fault
	}
	d.tried = append(d.tried, fault.Message)
	return nil
}

// errorFault returns the fault of an error that Autodiscover reported. The two services have different codes.
func (d *discovery) errorFault(systemErr *call.SystemError) *target.Fault {
	known := map[string]target.Code{
		// MS-OXDSCLI, 2.2.4.1.1.3.2
		"500": target.UserNotFound, "501": target.UserNotFound, "602": target.UserNotFound,
		"600": target.Misconfigured, "601": target.Misconfigured, "603": target.SystemNotAvailable,
		// https://learn.microsoft.com/exchange/client-developer/web-service-reference/errorcode-soap
		"InvalidUser": target.UserNotFound, "ServerBusy": target.Throttled, "InternalServerError": target.SystemNotAvailable,
		"InvalidDomain": target.Misconfigured, "NotFederated": target.Misconfigured, "InvalidRequest": target.Misconfigured,
		"InvalidSetting": target.Misconfigured, "SettingIsNotAvailable": target.Misconfigured,
	}
	fault := &target.Fault{Code: cmp.Or(known[systemErr.Code], target.Misconfigured), Cause: systemErr}
	fault.Message = target.Say("Autodiscover reports about %s: %s", d.mailbox(), systemErr.Text())
	switch fault.Code {
	case target.UserNotFound:
		fault.Field = mailbox
	case target.Misconfigured:
		fault.Field = owaURL
	default:
	}
	return fault
}
