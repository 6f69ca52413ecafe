package google

import (
	"context"
	"regexp"
	"slices"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// api is one of Google's APIs, by the host that it has at Google.
type api string

// The APIs (https://developers.google.com/workspace/gmail/api/reference/rest and the like, "Service endpoint"). Their paths
// differ, so one private endpoint can serve all of them.
const (
	gmail     api = "https://gmail.googleapis.com"
	calendar  api = "https://www.googleapis.com"
	people    api = "https://people.googleapis.com"
	directory api = "https://admin.googleapis.com"
)

// baseURL returns the address of an API: api_url, or else the host at Google.
func (a api) baseURL(settings target.Settings) string {
	if own := settings[apiURL]; own != "" {
		return target.CanonicalURL(own)
	}
	return string(a)
}

// get calls an API as a user and reads the response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, who actor, of api, path string, into any) error {
	err := who.bearer.Do(ctx, func(token *oauth2.Token) error {
		return s.send(ctx, token, of.baseURL(s.Account.Settings)+path, into)
	}, oauth.IsTokenRejected)
	if oauth.IsTokenRejected(err) && !strings.EqualFold(who.user, s.own.user) {
		return asUserFault(who.user, err)
	}
	return s.withHint(err, who)
}

func (s *session) send(ctx context.Context, token *oauth2.Token, address string, into any) error {
	req, err := oauth.NewRequest(ctx, token, address)
	if err != nil {
		return err
	}
	_, err = s.Classifier.SendJSON(s.Client, req, parseError, into)
	return target.WithField(err, apiURL, target.SystemNotAvailable, target.Misconfigured)
}

// errorBody is an error response: the older APIs return a list of errors, the newer ones a status and details
// (https://cloud.google.com/apis/design/errors).
type errorBody struct {
	Error struct {
		Code    int    `json:"code"`
		Message string `json:"message"`
		Status  string `json:"status"`
		Errors  []struct {
			Reason string `json:"reason"`
		} `json:"errors"`
		Details []struct {
			Reason string `json:"reason"`
		} `json:"details"`
	} `json:"error"`
}

// parseError finds the system error of a response, with the most specific of its known codes.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	var body errorBody
	if err := call.DecodeJSON(r.Body, &body); err != nil || body.Error.Code == 0 {
		return nil //nolint:nilerr // not an error of Google's own: the status decides
	}
	var codes []string
	for _, detail := range body.Error.Details {
		codes = append(codes, detail.Reason)
	}
	for _, err := range body.Error.Errors {
		codes = append(codes, err.Reason)
	}
	found := &call.SystemError{
		Code: body.Error.Status, Message: body.Error.Message, RetryAfter: retryWait(body.Error.Message, time.Now()),
	}
	if i := slices.IndexFunc(codes, knownErrors().Knows); i >= 0 {
		found.Code = codes[i]
	} else if unknown := strings.Join(slices.DeleteFunc(codes, func(code string) bool { return code == "" }), ", "); unknown != "" {
		found.Message = strings.TrimSpace(found.Message + " (" + unknown + ")")
	}
	return found
}

// retryAfterPattern matches the time when Gmail's limit per user ends, which is only in the message.
var retryAfterPattern = regexp.MustCompile(`(?i)retry after (\d{4}-\d\d-\d\dT[0-9:.]{5,20}Z)`)

func retryWait(message string, now time.Time) time.Duration {
	found := retryAfterPattern.FindStringSubmatch(call.Start(message))
	if found == nil {
		return 0
	}
	end, err := time.Parse(time.RFC3339, found[1])
	if err != nil {
		return 0
	}
	return max(end.Sub(now), 0)
}
