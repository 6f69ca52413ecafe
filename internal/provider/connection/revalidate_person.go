package connection

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	apiprogress "github.com/terraform-provider-riva/terraform-provider-riva/internal/api/progress"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/fault"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const (
	// pollInterval is how often the state of a sign-in is read. Each read is one call of the control plane, and none of the target
	// system.
	pollInterval = time.Second
	// cancelTimeout limits the calls that end a sign-in after the action has run out of time or was canceled.
	cancelTimeout = 10 * time.Second
)

// personWait waits for a person to sign in.
type personWait struct {
	access   *controlplane.Access
	reporter *apiprogress.Reporter
	// connection is as it was before. System is nil if this version of the provider does not support it.
	connection api.Connection
	system     *target.System
	// own means that the action has requested the sign-in, and cancels it if no person signs in.
	own bool
	// last is the sign-in as it was read last. Attempts and fault are what was reported of it.
	last     api.Revalidation
	attempts int64
	fault    string
}

// run waits until the sign-in has ended, or the context has.
func (w *personWait) run(ctx context.Context, diags *diag.Diagnostics) {
	w.begin(ctx)
	ticker := time.NewTicker(pollInterval)
	defer ticker.Stop()
	for {
		w.report()
		switch w.last.State {
		case api.RevalidationPending, api.RevalidationConfirm:
		case api.RevalidationCanceled:
			if !w.follow(ctx, diags) {
				return
			}
		default:
			w.end(diags)
			return
		}
		select {
		case <-ctx.Done():
			w.giveUp(ctx, context.Cause(ctx), diags)
			return
		case <-ticker.C:
		}
		found, err := w.access.Client.Revalidation(ctx, w.connection.ID, w.last.ID)
		if err != nil {
			w.giveUp(ctx, err, diags)
			return
		}
		w.last = found
	}
}

// begin reports who must sign in, and how.
func (w *personWait) begin(ctx context.Context) {
	who := "A person must sign in"
	if w.system != nil {
		who += " " + signInText(w.system, target.Settings(w.connection.Settings))
	}
	w.reporter.Reportf("%s%s.", who, w.until())
	pending := w.last.Connection
	pending.AuthorizationID, pending.AuthorizationURL = w.last.ID, w.last.AuthorizationURL
	for line := range strings.Lines(signInHint(w.access, w.connection.Name, findLink(ctx, w.access, &pending))) {
		if line = strings.TrimSpace(line); line != "" {
			w.reporter.Reportf("%s", line)
		}
	}
	w.reporter.StartWaitingf("a person to sign in%s", w.until())
}

func (w *personWait) until() string {
	if w.last.ExpiresAt == nil {
		return ""
	}
	return " before " + w.last.ExpiresAt.UTC().Format(time.RFC3339)
}

// report reports what is new: a person who has begun to sign in, and an attempt that has failed.
func (w *personWait) report() {
	if w.last.Attempts > w.attempts {
		w.attempts = w.last.Attempts
		w.reporter.Reportf("A person has begun to sign in (attempt %d).", w.attempts)
	}
	if text := w.faultText(); text != w.fault {
		w.fault = text
		if text != "" && w.last.State == api.RevalidationPending {
			w.reporter.Reportf("The attempt has failed: %s The person can try again.", text)
		}
	}
}

// faultText is why the last attempt failed, and who signed in; empty if it did not fail.
func (w *personWait) faultText() string {
	f := w.last.Fault
	if f == nil {
		return ""
	}
	text := fault.Title(f) + "."
	if f.Message != "" {
		text += " " + f.Message
	}
	if i := w.last.Identity; i != nil && i.Username != "" {
		text += fmt.Sprintf(" %s signed in.", i.Username)
	}
	return text
}

// follow finds the sign-in that has replaced a canceled one, such as that of the command. It returns false after it has reported
// the result: the other one has succeeded, or no person has signed in.
func (w *personWait) follow(ctx context.Context, diags *diag.Diagnostics) bool {
	connection, err := w.access.Client.Connection(ctx, w.connection.ID)
	if err == nil && connection.AuthorizationID != "" {
		w.last, err = w.access.Client.Revalidation(ctx, connection.ID, connection.AuthorizationID)
	}
	switch {
	case err != nil:
		w.giveUp(ctx, err, diags)
		return false
	case connection.AuthorizationID != "":
		w.own, w.attempts, w.fault = false, 0, ""
		w.reporter.Reportf("Another sign-in has replaced this one. Waiting for that.")
		return true
	case newCredentials(&w.connection, &connection):
		w.reporter.Reportf("Another sign-in has replaced this one, and new credentials are stored.")
		w.reportWorking(&connection, diags)
		return false
	}
	w.end(diags)
	return false
}

// newCredentials reports whether other credentials were stored since, and work.
func newCredentials(before, after *api.Connection) bool {
	changed := after.CredentialsUpdatedAt != nil &&
		(before.CredentialsUpdatedAt == nil || !before.CredentialsUpdatedAt.Equal(*after.CredentialsUpdatedAt))
	return changed && after.Status != api.StatusBlank && after.Status != api.StatusFailing
}

// end reports how the sign-in has ended.
func (w *personWait) end(diags *diag.Diagnostics) {
	if w.last.State == api.RevalidationSucceeded {
		w.reportWorking(&w.last.Connection, diags)
		w.reporter.Reportf("%s", metadataLine(&w.last))
		w.reporter.Reportf("%s", w.last.Message)
		return
	}
	what := fmt.Sprintf("Could not re-validate the connection %q (%s). ", w.connection.Name, w.connection.ID)
	if f := w.last.Fault; f != nil {
		diags.AddError(fault.Title(f), what+w.lastAttempt()+"\n\n"+fault.Detail(f))
		return
	}
	diags.AddError(tfdiag.TitleNoPersonSignedIn, what+w.last.Message+" What was stored before stays in force. Invoke the action "+
		"again to request another sign-in.")
}

// reportWorking reports the test of a connection that works with the new credentials.
func (w *personWait) reportWorking(c *api.Connection, diags *diag.Diagnostics) {
	showConnectionWarnings(w.access, *c, diags)
	if c.LastTest != nil {
		w.reporter.Reportf("%s", c.LastTest.Summary)
	}
}

// lastAttempt is a sentence about the last attempt, for an error.
func (w *personWait) lastAttempt() string {
	text := fmt.Sprintf("The last of %d attempts has failed.", w.last.Attempts)
	if i := w.last.Identity; i != nil && i.Username != "" {
		text += fmt.Sprintf(" %s had signed in.", i.Username)
	}
	return text + " What was stored before stays in force."
}

// giveUp reports why the action does not wait any more. It ends a sign-in that the action has requested, unless the person has
// completed it in the meantime.
func (w *personWait) giveUp(ctx context.Context, cause error, diags *diag.Diagnostics) {
	after := "The sign-in that was open before stays open."
	if w.own {
		after = "The sign-in that the action had requested is canceled."
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), cancelTimeout)
		defer cancel()
		err := w.access.Client.CancelRevalidation(ctx, w.connection.ID, w.last.ID)
		if found, readErr := w.access.Client.Revalidation(ctx, w.connection.ID, w.last.ID); err == nil && readErr == nil {
			w.last = found
		}
		switch {
		case err != nil:
			after = fmt.Sprintf("The sign-in that the action had requested could not be canceled (%s): it stays open%s.", err, w.until())
		case w.last.State == api.RevalidationSucceeded:
			w.end(diags)
			return
		}
	}
	after += " What was stored before stays in force."
	if text := w.faultText(); text != "" {
		after += " The last attempt failed: " + text
	}
	tfdiag.Operation{
		Name:     fmt.Sprintf("re-validate the connection %q (%s)", w.connection.Name, w.connection.ID),
		WaitsFor: "a person who must sign in", AfterTimeout: after,
	}.Report(diags, cause)
}
