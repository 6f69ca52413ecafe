package engine

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// ShowAuthorization returns what the first page shows to who has a link. It changes nothing.
func (e *Engine) ShowAuthorization(ctx context.Context, link string) (model.AuthorizationResult, error) {
	var visit model.AuthorizationResult
	err := e.store.View(ctx, func(tx model.Tx) (err error) {
		visit, _, _, err = e.visit(ctx, tx, link)
		return err
	})
	return visit, err
}

// visit finds what a link is for, and whether a person can sign in with it.
func (e *Engine) visit(ctx context.Context, tx model.Tx, link string) (
	visit model.AuthorizationResult, s *target.System, now time.Time, err error,
) {
	digest, err := e.store.Digest(purposeLink, link)
	if err != nil {
		return visit, nil, now, fmt.Errorf("digest a link: %w", err)
	}
	a, err := tx.AuthorizationByLink(ctx, digest)
	if errors.Is(err, model.ErrNotFound) {
		return model.AuthorizationResult{End: model.EndLinkUnknown}, nil, now, nil
	}
	if err != nil {
		return visit, nil, now, fmt.Errorf("find an authorization: %w", err)
	}
	if now, err = tx.Now(ctx, e.clock()); err != nil {
		return visit, nil, now, err
	}
	visit, s, err = e.describe(ctx, tx, a)
	if err != nil {
		return visit, nil, now, err
	}
	switch a.StateAt(now) {
	case model.AuthorizationPending:
		visit.End, visit.Link = model.EndStart, link
	case model.AuthorizationConfirm:
		visit.End, visit.Identity = model.EndConfirm, a.Identity
	case model.AuthorizationExpired:
		visit.End = model.EndLinkExpired
	case model.AuthorizationFailed:
		visit.End, visit.Fault = model.EndTooManyAttempts, a.Fault
	case model.AuthorizationSucceeded, model.AuthorizationCanceled, model.AuthorizationReplaced:
		visit.End = model.EndLinkEnded
	}
	return visit, s, now, nil
}

// describe returns what every page about an authorization shows.
func (e *Engine) describe(ctx context.Context, tx model.Tx, a model.Authorization) (
	visit model.AuthorizationResult, s *target.System, err error,
) {
	visit.Authorization = a
	if visit.Connection, err = readConnection(ctx, tx, a.ConnectionID); err != nil {
		return visit, nil, err
	}
	if s, err = e.systemFor(visit.Connection); err != nil {
		return visit, nil, err
	}
	if s.Authorize == nil {
		return visit, nil, fmt.Errorf("%s does not support the sign-in of a person", s.Title)
	}
	visit.SystemTitle, visit.Expected = s.Title, s.ExpectedPerson(e.account(s, visit.Connection.Settings, nil))
	return visit, s, nil
}

// StartAuthorization starts an attempt: it binds the sign-in to a browser, and returns the address of the target system to send
// it to. An earlier attempt with the same link is over. If no person can sign in with the link, started is zero, and the result says
// why.
func (e *Engine) StartAuthorization(ctx context.Context, in model.AuthorizationStart) (
	started model.AuthorizationStarted, visit model.AuthorizationResult, err error,
) {
	if visit, err = e.ShowAuthorization(ctx, in.Link); err != nil || visit.End == model.EndLinkUnknown {
		return started, visit, err
	}
	err = e.store.Update(ctx, func(tx model.Tx) (err error) {
		started, visit, err = e.start(ctx, tx, in)
		return err
	}, model.ConnectionKey(visit.Connection.ID))
	return started, visit, err
}

func (e *Engine) start(ctx context.Context, tx model.Tx, in model.AuthorizationStart) (
	started model.AuthorizationStarted, visit model.AuthorizationResult, err error,
) {
	visit, s, now, err := e.visit(ctx, tx, in.Link)
	if err != nil || visit.End == model.EndLinkUnknown {
		return started, visit, err
	}
	a, c := &visit.Authorization, &visit.Connection
	ctx = withPerson(ctx, a)
	if visit.End == model.EndLinkExpired && a.FinishedAt == nil {
		if err := e.endAuthorization(ctx, tx, a, model.AuthorizationExpired, now); err != nil {
			return started, visit, err
		}
	}
	if visit.End == model.EndStart && a.Attempts >= api.MaxSignInAttempts {
		visit.End, visit.Fault, visit.Link = model.EndTooManyAttempts, a.Fault, ""
		if err := e.endAuthorization(ctx, tx, a, model.AuthorizationFailed, now); err != nil {
			return started, visit, err
		}
	}
	if visit.End != model.EndStart {
		return started, visit, e.recordAudit(ctx, tx, "authorization.start", c.ID, string(visit.End), "")
	}
	if err := checkRedirect(in.RedirectURI, s); err != nil {
		return started, visit, err
	}
	kept, err := e.keptForPerson(ctx, tx, c, s)
	if err != nil {
		return started, visit, err
	}
	account := e.account(s, c.Settings, kept)
	a.Attempts, a.Wanted, a.Granted = a.Attempts+1, s.Authorize.Scopes(account), nil
	if err := tx.UpdateAuthorization(ctx, *a); err != nil {
		return started, visit, fmt.Errorf("start the sign-in: %w", err)
	}
	verifier, err := e.insertAttempt(ctx, tx, a, c, in, now, &started)
	if err != nil {
		return started, visit, err
	}
	started.URL = authorizationURL(account, c, visit.Expected, started.State, verifier, in.RedirectURI)
	return started, visit, e.recordAudit(ctx, tx, "authorization.start", c.ID, outcomeDone,
		fmt.Sprintf("attempt %d", a.Attempts))
}

// insertAttempt stores a new attempt, with a state and a verifier.
func (e *Engine) insertAttempt(
	ctx context.Context, tx model.Tx, a *model.Authorization, c *model.Connection, in model.AuthorizationStart, now time.Time,
	started *model.AuthorizationStarted,
) (verifier string, err error) {
	if err := tx.UseAuthorizationAttempts(ctx, a.ID, nil, now); err != nil {
		return "", err
	}
	verifier, started.State = newSecret(), newSecret()
	attempt := model.AuthorizationAttempt{
		AuthorizationID: a.ID, RedirectURI: in.RedirectURI, Revision: c.Revision, ExpiresAt: now.Add(api.SignInTimeout),
	}
	if attempt.StateDigest, err = e.store.Digest(purposeState, started.State); err != nil {
		return "", fmt.Errorf("digest a state: %w", err)
	}
	if attempt.BrowserDigest, err = e.store.Digest(purposeBrowser, in.Browser); err != nil {
		return "", fmt.Errorf("digest the secret of a browser: %w", err)
	}
	return verifier, tx.InsertAuthorizationAttempt(ctx, attempt, verifier)
}

// authorizationURL is the address of the target system where the person signs in (RFC 6749, 4.1.1; RFC 7636, 4.3).
func authorizationURL(
	account target.Account, c *model.Connection, expected target.Expected, state, verifier, redirect string,
) string {
	grant, challenge := account.System.Authorize, sha256.Sum256([]byte(verifier))
	prompt := target.Prompt{Username: expected.Username}
	prompt.Another = c.Identity != nil && c.Identity.Username != "" && expected.Username != "" &&
		!strings.EqualFold(c.Identity.Username, expected.Username)
	query := grant.Parameters(prompt)
	query.Set("response_type", "code")
	query.Set("client_id", account.Setting(grant.ClientID))
	query.Set("redirect_uri", redirect)
	query.Set("scope", strings.Join(grant.Scopes(account), " "))
	query.Set("state", state)
	query.Set("code_challenge", base64.RawURLEncoding.EncodeToString(challenge[:]))
	query.Set("code_challenge_method", "S256")
	if query.Get("login_hint") == "" {
		query.Del("login_hint")
	}
	return grant.Endpoint(account) + "?" + query.Encode()
}

// checkRedirect allows https, and http on the person's own machine as the system accepts it.
func checkRedirect(redirect string, s *target.System) error {
	u, err := url.Parse(redirect)
	if err == nil && u.Scheme == "https" && u.Host != "" {
		return nil
	}
	if err == nil && u.Scheme == "http" {
		port, err := strconv.Atoi(u.Port())
		if err == nil && s.Authorize.Redirect.Accepts(u.Hostname(), port) {
			return nil
		}
	}
	rule := s.Authorize.Redirect
	address := "http://" + net.JoinHostPort(rule.Host, "PORT")
	if rule.Ports != nil {
		address += " with one of the ports " + strings.Trim(fmt.Sprint(rule.Ports), "[]")
	}
	return &model.InvalidError{Fields: []model.InvalidField{{
		Path: "redirect_uri", Message: s.Title + " sends the browser back to https addresses, or to " + address + ".",
	}}}
}

// withPerson returns a context whose audit events name the person by the link: nobody else is known before the sign-in.
func withPerson(ctx context.Context, a *model.Authorization) context.Context {
	caller := CallerFrom(ctx)
	caller.Actor = "a person with the link that " + a.RequestedBy + " requested"
	return WithCaller(ctx, caller)
}
