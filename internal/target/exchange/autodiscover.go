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

// service is one of the two forms of Autodiscover.
type service struct {
	path       string
	newRequest func(address string) any
	read       func(body []byte) (*autodiscoverResult, error)
}

// services are asked in the order that Microsoft recommends.
func services() []service {
	return []service{
		{"/autodiscover/autodiscover.svc", newSOAPRequest, readSOAP},
		{"/autodiscover/autodiscover.xml", newPOXRequest, readPOX},
	}
}

// autodiscoverResult is what Autodiscover answered: the address of EWS, another place to ask, another address to ask about, or an
// error; all empty if it says nothing of use.
type autodiscoverResult struct {
	ewsURL          string
	redirectURL     string
	redirectAddress string
	failure         *call.SystemError
}

// autodiscover asks the host's Autodiscover for EWS of the service account's mailbox.
func (d *discovery) autodiscover(ctx context.Context) (string, error) {
	address := d.mailbox()
	if address == "" {
		return "", &target.Fault{
			Code: target.Misconfigured, Field: mailbox,
			Message: strings.Join(d.tried, " ") +
				" Autodiscover needs an address to ask about: give mailbox, or ews_url instead of owa_url.",
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

// mailbox is the address of the service account, as far as it is known before anybody signs in.
func (d *discovery) mailbox() string {
	if given := d.account.Setting(mailbox); given != "" {
		return given
	}
	if user := d.account.Setting(username); strings.Contains(user, "@") {
		return user
	}
	return ""
}

// lookUp asks one service, as long as it redirects; nothing and no error if that leads nowhere.
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

// follow decides what comes after an answer: an address of EWS, or a place and an address to ask next; neither if the
// answer says nothing of use.
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
		return autodiscoverResult{}, "", d.fault(fmt.Sprintf("Autodiscover redirects more than %d times.", maxHops))
	}
	next = autodiscoverResult{redirectURL: cmp.Or(found.redirectURL, at), redirectAddress: cmp.Or(found.redirectAddress, address)}
	to, parsed := url.Parse(next.redirectURL)
	switch {
	case parsed != nil || to.Host == "":
		return autodiscoverResult{}, "", d.fault("Autodiscover redirects to what is no address.")
	case !d.isSameHost(to):
		return autodiscoverResult{}, "", d.otherHostFault("Autodiscover redirects to", to, to.Scheme+"://"+to.Host+defaultPath)
	case next.redirectURL == at && strings.EqualFold(next.redirectAddress, address):
		return autodiscoverResult{}, "", d.fault("Autodiscover redirects in a circle.")
	}
	return next, "", nil
}

// checkAddress is the address of EWS that was told, if it is on the host of owa_url.
func (d *discovery) checkAddress(reported string) (string, error) {
	to, err := url.Parse(reported)
	switch {
	case err != nil || to.Host == "":
		return "", d.fault("Autodiscover tells what is no address.")
	case !d.isSameHost(to):
		return "", d.otherHostFault("Autodiscover says that Exchange Web Services are at", to, withoutQuery(to))
	}
	return target.CanonicalURL(withoutQuery(to)), nil
}

func (d *discovery) fault(message string) *target.Fault {
	return &target.Fault{Code: target.Misconfigured, Field: owaURL, Message: message}
}

// post sends a question with the credentials.
func (d *discovery) post(ctx context.Context, address string, question any) (call.Response, error) {
	body, err := xml.Marshal(question)
	if err != nil {
		return call.Response{}, fmt.Errorf("write question for Autodiscover: %w", err)
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

// statusFault is about an answer other than 200. Refused credentials end the search; a service that is not there does not, and
// one that fails by itself may have a sound neighbour.
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

// noteUnusable notes an answer that cannot be read; one that broke off or is dangerous to read ends the search.
func (d *discovery) noteUnusable(r call.Response, err error) error {
	fault := d.ews.Classifier.UnreadableResponse(r, err)
	if fault.Code != target.Misconfigured {
		return fault
	}
	d.tried = append(d.tried, fault.Message)
	return nil
}

// errorFault is the fault of an error that Autodiscover tells. Codes of the one service are none of the other.
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
	fault.Message = "Autodiscover says about " + d.mailbox() + ": " + systemErr.Error()
	switch fault.Code {
	case target.UserNotFound:
		fault.Field = mailbox
	case target.Misconfigured:
		fault.Field = owaURL
	default:
	}
	return fault
}
