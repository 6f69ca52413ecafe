package oauth

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/oauth2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// Code requests tokens with a code (RFC 6749, 4.1.3) and the verifier of its challenge (RFC 7636, 4.5). Errors are
// *[target.Fault].
func (e Endpoint) Code(ctx context.Context, c target.AuthorizationCode) (*oauth2.Token, error) {
	return e.fetch(ctx, url.Values{
		"grant_type": {"authorization_code"}, "code": {c.Code}, "redirect_uri": {c.RedirectURI}, "code_verifier": {c.Verifier},
	})
}

// Issued returns what a system issued with a token. Without a list of scopes in the response, those that were asked for are
// granted (RFC 6749, 5.1). The scopes for the refresh token, such as "offline_access", are granted if there is one, since systems
// do not always list them. Implies reports whether a granted scope includes another one; nil: only itself.
func Issued(token *oauth2.Token, asked, refresh []string, implies func(granted, scope string) bool) target.Issued {
	issued := target.Issued{Secret: token.RefreshToken}
	if !IsToken(issued.Secret) {
		issued.Secret = ""
	}
	list, _ := token.Extra("scope").(string)
	issued.Granted = strings.Fields(list)
	if len(issued.Granted) == 0 {
		issued.Granted = slices.Clone(asked)
	}
	for _, scope := range asked {
		granted := slices.ContainsFunc(issued.Granted, func(g string) bool {
			return strings.EqualFold(g, scope) || implies != nil && implies(g, scope)
		})
		if slices.Contains(refresh, scope) {
			granted = issued.Secret != ""
		}
		if !granted {
			issued.Withheld = append(issued.Withheld, scope)
		}
	}
	return issued
}

// Refusal returns the fault of an error that a system sent with the browser (RFC 6749, 4.1.2.1).
func Refusal(c call.Classifier, code, description string) *target.Fault {
	status := http.StatusBadRequest
	if code == "server_error" || code == "temporarily_unavailable" {
		status = http.StatusServiceUnavailable
	}
	fault := c.FaultOf(call.Response{Status: status}, &call.SystemError{Code: code, Message: description})
	fault.Certain, fault.Unclear = false, false // it is about the sign-in of a person, not about stored credentials
	return fault
}
