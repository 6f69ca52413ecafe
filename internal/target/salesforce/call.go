package salesforce

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/oauth"
)

// get calls the API and reads the response. Errors are *[target.Fault].
func (s *session) get(ctx context.Context, path string, into any) (call.Response, error) {
	var response call.Response
	err := s.Bearer.Do(ctx, func(token *oauth2.Token) error {
		var err error
		response, err = s.send(ctx, token, path, into)
		return err
	}, oauth.IsTokenRejected)
	return response, err
}

func (s *session) send(ctx context.Context, token *oauth2.Token, path string, into any) (call.Response, error) {
	address, err := s.instance(token)
	if err != nil {
		return call.Response{}, err
	}
	req, err := oauth.NewRequest(ctx, token, address+path)
	if err != nil {
		return call.Response{}, err
	}
	response, err := s.Classifier.SendJSON(s.Client, req, parseError, into)
	if err != nil {
		return response, withMissingScope(err, token)
	}
	if usage := usageOf(response.Header); !usage.IsZero() {
		s.usage = usage
	}
	return response, nil
}

// withMissingScope returns the fault of a token without the scope to read its identity. Salesforce returns the same error for it
// as for an expired token.
func withMissingScope(err error, token *oauth2.Token) error {
	systemErr, _ := errors.AsType[*call.SystemError](err)
	scopes, _ := token.Extra("scope").(string)
	if systemErr == nil || systemErr.Code != badToken || scopes == "" {
		return err
	}
	for scope := range strings.FieldsSeq(scopes) {
		if slices.Contains([]string{"id", "openid", "profile", "email", "full"}, scope) {
			return err
		}
	}
	return &target.Fault{
		Code: target.InsufficientPermission, Field: clientID, Cause: err,
		Message: target.Say("The access token lacks the scope id, so Salesforce does not report who signed in (" + badToken + ")."),
	}
}

// plainErrorPattern matches an error of the identity services.
var plainErrorPattern = regexp.MustCompile(`^[A-Z][A-Za-z_]{2,40}$`)

// parseError finds the system error of a response: the REST API returns a list, the identity services a plain word.
func parseError(r call.Response) *call.SystemError {
	if r.IsSuccess() {
		return nil
	}
	if word := strings.TrimSpace(string(r.Body[:min(len(r.Body), 100)])); plainErrorPattern.MatchString(word) {
		return &call.SystemError{Code: word}
	}
	var body []struct {
		Message string `json:"message"`
		Code    string `json:"errorCode"`
	}
	if err := call.DecodeJSON(r.Body, &body); err == nil && len(body) > 0 && body[0].Code != "" {
		return &call.SystemError{Code: body[0].Code, Message: body[0].Message}
	}
	return nil
}

// usagePattern matches a part of the header Sforce-Limit-Info: requests of the organization in 24 hours, and their limit.
var usagePattern = regexp.MustCompile(`(?:^|[ ;])api-usage=(\d{1,12})/(\d{1,12})`)

func usageOf(h http.Header) target.Text {
	found := usagePattern.FindStringSubmatch(h.Get("Sforce-Limit-Info"))
	if found == nil {
		return target.Text{}
	}
	return target.Say("%s of %s API requests of the last 24 hours are used.", found[1], found[2])
}

// query reads the records of a query in SOQL, as many as one response contains.
func (s *session) query(ctx context.Context, soql string, into any) error {
	base, err := s.base(ctx)
	if err != nil {
		return err
	}
	var found struct {
		Records json.RawMessage `json:"records"`
	}
	response, err := s.get(ctx, base+"/query?"+url.Values{"q": {soql}}.Encode(), &found)
	if err != nil {
		return err
	}
	if err := call.DecodeJSON(found.Records, into); err != nil {
		return s.Classifier.UnreadableResponse(response, err)
	}
	return nil
}

// quote writes text as a literal of SOQL.
func quote(text string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(text) + "'"
}
