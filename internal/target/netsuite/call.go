package netsuite

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// get reads a response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	return s.send(req, into)
}

// query reads the rows of a query in SuiteQL, up to the limit.
func (s *session) query(ctx context.Context, suiteQL string, limit int, into any) error {
	body, err := json.Marshal(map[string]string{"q": suiteQL})
	if err != nil {
		return fmt.Errorf("write query: %w", err)
	}
	address := fmt.Sprintf("%s/services/rest/query/v1/suiteql?limit=%d", s.rest, limit)
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(body))
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Prefer", "transient") // NetSuite rejects queries without it
	return s.send(req, into)
}

func (s *session) send(req *http.Request, into any) error {
	req.Header.Set("Accept", "application/json")
	_, err := s.Classifier.SendJSON(s.Client, req, parseError, into)
	return err
}

// readOne reads at most one record of a type.
func (s *session) readOne(ctx context.Context, record string) error {
	var found struct {
		Items []struct {
			ID text `json:"id"`
		} `json:"items"`
	}
	return s.get(ctx, s.rest+"/services/rest/record/v1/"+record+"?limit=1", &found)
}

var (
	// challengeError matches the reason for a rejected sign-in in WWW-Authenticate.
	challengeError = regexp.MustCompile(`(?i)^oauth\b.*\berror="([A-Za-z_]{1,60})"`)
	// plainError matches an error of a RESTlet as plain text.
	plainError = regexp.MustCompile(`(?s)^\s*error code: ([A-Z0-9_]{1,60})\s+error message: (.*)$`)
)

// parseError finds the system error of a response. The REST web services have their own fields, RESTlets return an object or
// text, and both have the reason for a rejected sign-in in a header.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	systemErr := parseErrorBody(r.Body)
	if r.Status != http.StatusUnauthorized {
		return systemErr
	}
	for _, challenge := range r.Header.Values("WWW-Authenticate") {
		if found := challengeError.FindStringSubmatch(call.Start(challenge)); found != nil {
			if systemErr == nil {
				systemErr = &call.SystemError{}
			}
			systemErr.Code = found[1]
		}
	}
	return systemErr
}

// parseErrorBody reads the body of an error.
func parseErrorBody(body []byte) *call.SystemError {
	var read struct {
		Details []struct {
			Detail string `json:"detail"`
			Code   string `json:"o:errorCode"`
		} `json:"o:errorDetails"`
		Error struct {
			Code    string `json:"code"`
			Message string `json:"message"`
		} `json:"error"`
	}
	if found := plainError.FindSubmatch(call.Start(body)); found != nil {
		return &call.SystemError{Code: string(found[1]), Message: strings.TrimSpace(string(found[2]))}
	}
	readable := call.DecodeJSON(body, &read) == nil
	switch {
	case !readable:
		return nil
	case len(read.Details) > 0 && read.Details[0].Code != "":
		return &call.SystemError{Code: read.Details[0].Code, Message: read.Details[0].Detail}
	case read.Error.Code != "":
		return &call.SystemError{Code: read.Error.Code, Message: read.Error.Message}
	}
	return nil
}
