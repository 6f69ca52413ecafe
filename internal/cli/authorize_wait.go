package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/cycle"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
)

const (
	// requestSignInTimeout limits the request for a sign-in, and cancelSignInTimeout the one that deletes it. Both are finished
	// even if the command is interrupted, so that nothing pending is left.
	requestSignInTimeout = 30 * time.Second
	cancelSignInTimeout  = 10 * time.Second
	// serverPollInterval is the interval at which to read the state from a shared control plane.
	serverPollInterval = 2 * time.Second
)

// errNotConfirmed means that the person did not confirm who signed in.
var errNotConfirmed = errors.New("not confirmed, and nothing was stored")

// signInAPI has the calls of the control plane that a signIn needs. *[api.Client] implements it.
type signInAPI interface {
	Revalidate(ctx context.Context, id string, revision int64, in api.Revalidate) (api.Revalidation, error)
	Revalidation(ctx context.Context, id, revalidationID string) (api.Revalidation, error)
	ConfirmRevalidation(ctx context.Context, id, revalidationID string) (api.Revalidation, error)
	CancelRevalidation(ctx context.Context, id, revalidationID string) error
}

// signIn lets a person sign in for a connection.
type signIn struct {
	api        signInAPI
	connection api.Connection
	system     api.TargetSystem
	dialog     *dialog
	// out receives the result.
	out       io.Writer
	output    output
	timeout   time.Duration
	noBrowser bool

	// attempts and failure are the last ones that were shown.
	attempts int64
	failure  string
}

// waiter waits until a re-validation that waits for a person has ended.
type waiter func(ctx context.Context, pending api.Revalidation) (api.Revalidation, error)

// pagesServer serves the pages for a person at an address. The embedded control plane implements it.
type pagesServer interface {
	SignInHandler(publicURL string) (http.Handler, error)
}

// run requests a sign-in and waits for its end. A sign-in that has not ended by then is deleted. The error says why the
// connection does not work.
func (s *signIn) run(ctx context.Context, wait waiter) error {
	pending, err := s.request(ctx)
	if err != nil {
		return err
	}
	waitCtx, stop := context.WithTimeout(ctx, s.lifetime(&pending))
	defer stop()
	result, err := wait(waitCtx, pending)
	s.dialog.endCountdown()
	if err != nil {
		if result, err = s.cancel(ctx, &pending, s.describe(ctx, waitCtx, err)); err != nil {
			return err
		}
	}
	return s.finish(&result)
}

// request makes the pending sign-in. Any account may sign in if a person can confirm which one did.
func (s *signIn) request(ctx context.Context) (api.Revalidation, error) {
	requestCtx, stop := context.WithTimeout(context.WithoutCancel(ctx), requestSignInTimeout)
	defer stop()
	in := api.Revalidate{Interactive: true, Confirm: s.dialog.interactive}
	pending, err := s.api.Revalidate(requestCtx, s.connection.ID, 0, in)
	if problem, ok := api.AsProblem(err); ok && !in.Confirm && hasPath(problem, "interactive") {
		return pending, fmt.Errorf("the connection %q does not have the user who must sign in, and without a terminal the "+
			"command cannot ask: set its user name, or run the command in a terminal: %w", s.connection.Name, err)
	}
	if err != nil {
		return pending, describeError(fmt.Sprintf("request a sign-in for the connection %q", s.connection.Name), err)
	}
	return pending, nil
}

func hasPath(problem *api.Problem, path string) bool {
	for _, e := range problem.Errors {
		if e.Path == path {
			return true
		}
	}
	return false
}

// lifetime is how long to wait: until the time-out, and no longer than the link is valid.
func (s *signIn) lifetime(pending *api.Revalidation) time.Duration {
	if pending.ExpiresAt == nil {
		return s.timeout
	}
	return min(s.timeout, time.Until(*pending.ExpiresAt))
}

// describe says why the command stopped to wait.
func (s *signIn) describe(ctx, waitCtx context.Context, err error) error {
	switch {
	case ctx.Err() != nil || errors.Is(err, errInterrupted):
		return fmt.Errorf("interrupted: the sign-in for the connection %q was not completed, and its link has become invalid",
			s.connection.Name)
	case waitCtx.Err() != nil:
		return fmt.Errorf("timed out: the sign-in for the connection %q was not completed in time, and its link has become invalid; "+
			"run the command again, with a longer --timeout", s.connection.Name)
	}
	return err
}

// cancel deletes a sign-in for a reason. If it had succeeded by then, that is the result.
func (s *signIn) cancel(ctx context.Context, pending *api.Revalidation, reason error) (api.Revalidation, error) {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), cancelSignInTimeout)
	defer stop()
	if err := s.api.CancelRevalidation(ctx, s.connection.ID, pending.ID); err != nil && !api.IsNotFound(err) {
		return *pending, errors.Join(reason, describeError("delete the pending sign-in", err))
	}
	result, err := s.api.Revalidation(ctx, s.connection.ID, pending.ID)
	if err == nil && result.State == api.RevalidationSucceeded {
		return result, nil
	}
	return result, reason
}

// atServer has the person use the pages of a shared control plane.
func (s *signIn) atServer(ctx context.Context, pending api.Revalidation) (api.Revalidation, error) {
	if pending.AuthorizationURL == "" {
		return pending, errors.New("the control plane has no pages for a person, or this client may not change connections: " +
			"its administrator configures the address of the pages and the scope \"write\"")
	}
	s.show(ctx, &pending, "in a browser")
	return s.untilEnd(ctx, pending, serverPollInterval)
}

// atListener listens for the person's browser on this machine, while the sign-in is pending.
func (s *signIn) atListener(ctx context.Context, control pagesServer) error {
	front, err := listen(ctx, s.system.Authorize)
	if err != nil {
		return err
	}
	defer front.close()
	handler, err := control.SignInHandler(front.address)
	if err != nil {
		return err
	}
	front.serve(handler)
	return s.run(ctx, func(ctx context.Context, pending api.Revalidation) (api.Revalidation, error) {
		s.dialog.printf("%s\n\n", callbackHint(s.system.Authorize, front.address+pages.CallbackPath))
		s.show(ctx, &pending, "in a browser on this machine")
		return s.untilEnd(ctx, pending, cycle.PollInterval)
	})
}

// show prints the link and opens it in the person's browser.
func (s *signIn) show(ctx context.Context, pending *api.Revalidation, where string) {
	s.dialog.printf("Sign in for the connection %q (%s) at this link, %s. The link is a secret.\n\n  %s\n\n",
		s.connection.Name, s.system.Title, where, string(pending.AuthorizationURL))
	if s.noBrowser {
		return
	}
	if err := openBrowser(ctx, string(pending.AuthorizationURL)); err != nil {
		s.dialog.printf("Open it yourself: no browser was opened (%s).\n", err)
		return
	}
	s.dialog.printf("It was opened in your browser.\n")
}

// untilEnd waits until the sign-in has ended, shows failed attempts, and asks who signed in if every account may.
func (s *signIn) untilEnd(ctx context.Context, found api.Revalidation, interval time.Duration) (api.Revalidation, error) {
	ticker := time.NewTicker(interval)
	defer ticker.Stop()
	deadline, _ := ctx.Deadline()
	var answer <-chan typed
	for {
		switch {
		case found.State == api.RevalidationPending:
			s.showAttempts(&found)
			s.dialog.wait(time.Until(deadline), time.Now())
		case found.State != api.RevalidationConfirm:
			return found, nil
		case answer == nil:
			answer = s.dialog.ask(fmt.Sprintf("%s\nThe connection %q does not say who must sign in. Type yes to store this sign-in: ",
				signedInAs(found.Identity), s.connection.Name))
		}
		select {
		case <-ctx.Done():
			return found, ctx.Err()
		case line := <-answer:
			if line.text = strings.ToLower(line.text); line.text != "yes" && line.text != "y" {
				return found, errNotConfirmed
			}
			return s.confirm(ctx, &found)
		case <-ticker.C:
		}
		next, err := s.api.Revalidation(ctx, s.connection.ID, found.ID)
		if err != nil && ctx.Err() == nil {
			return found, describeError("read the state of the sign-in", err)
		}
		if err == nil {
			found = next
		}
	}
}

// confirm stores the sign-in. The connection is tested again, and a fault is shown with its help.
func (s *signIn) confirm(ctx context.Context, found *api.Revalidation) (api.Revalidation, error) {
	result, err := s.api.ConfirmRevalidation(ctx, s.connection.ID, found.ID)
	if err == nil {
		return result, nil
	}
	if problem, ok := api.AsProblem(err); ok && problem.Fault != nil {
		s.dialog.printf("%s", helpText(cycle.ConnectionFault{Connection: s.connection.Name, Fault: problem.Fault}))
	}
	return *found, describeError("store the sign-in", err)
}
