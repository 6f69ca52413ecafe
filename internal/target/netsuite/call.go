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

// get reads an answer. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, address string, into any) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return fmt.Errorf("make request: %w", err)
	}
	return s.send(req, into)
}

// query reads the rows that a query in SuiteQL finds, as many as the limit says.
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
	req.Header.Set("Prefer", "transient") // NetSuite refuses queries without it
	return s.send(req, into)
}

func (s *session) send(req *http.Request, into any) error {
	req.Header.Set("Accept", "application/json")
	_, err := s.classifier.SendJSON(s.http, req, parseError, into)
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
	// challengeError finds why a sign-in was refused, in WWW-Authenticate.
	challengeError = regexp.MustCompile(`(?i)^oauth\b.*\berror="([A-Za-z_]{1,60})"`)
	// plainError is an error of a RESTlet as plain text.
	plainError = regexp.MustCompile(`(?s)^\s*error code: ([A-Z0-9_]{1,60})\s+error message: (.*)$`)
)

// parseError finds what an answer that is no success says: the REST web services in the fields of their own, RESTlets in an
// object or as text, and both in a header why nobody is signed in.
func parseError(r call.Response) *call.SystemError {
	if r.Status >= 200 && r.Status < 300 {
		return nil
	}
	systemErr := parseErrorBody(r.Body)
	if r.Status != http.StatusUnauthorized {
		return systemErr
	}
	for _, challenge := range r.Header.Values("WWW-Authenticate") {
		if found := challengeError.FindStringSubmatch(challenge); found != nil {
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
	if found := plainError.FindSubmatch(body); found != nil {
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
