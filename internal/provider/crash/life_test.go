//go:build linux

package crash_test

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// operations are what is done with the two connections of a life, over and over. They exist at first.
var operations = []string{"rename", "rotate", "delete", "create"}

// life is a working directory with two connections: to Exchange with a password, and to Salesforce with a refresh token that
// Salesforce rotates with each use.
type life struct {
	*acctest.Environment
	t       *testing.T
	command *acctest.Command
	random  *rand.Rand
	figures *figures

	// names are the names that the connections should have now; none once they are deleted.
	names []string
	// round makes names and passwords different.
	round int
	// took is how long each operation takes when nothing is killed.
	took map[string]time.Duration
	// accepted are the refresh tokens that Salesforce accepted, and excused those that were lost on the way.
	accepted, excused map[string]bool
	// rejections are the times at which Exchange rejected a password.
	rejections []time.Time
}

func newLife(t *testing.T, random *rand.Rand, f *figures) *life {
	t.Helper()
	l := &life{
		Environment: acctest.New(t), t: t, random: random, figures: f,
		took: map[string]time.Duration{}, accepted: map[string]bool{}, excused: map[string]bool{},
	}
	if err := l.Salesforce.UpdateApp(func(a *salesforce.App) { a.RotateRefreshTokens = true }); err != nil {
		t.Fatal(err)
	}
	l.command = l.Command("")
	return l
}

// prepare changes the configuration, and what the target systems expect, for an operation.
func (l *life) prepare(operation string) {
	l.t.Helper()
	l.round++
	if operation == "create" || operation == "rotate" {
		l.newToken()
	}
	if operation == "rotate" {
		if err := l.Exchange.SetPassword(l.Exchange.Service().Email, fmt.Sprintf("password-%d", l.round)); err != nil {
			l.t.Fatal(err)
		}
	}
	switch operation {
	case "create", "rename":
		l.names = []string{fmt.Sprint("Exchange ", l.round), fmt.Sprint("Salesforce ", l.round)}
	case "delete":
		l.names = nil
	}
	body := ""
	if l.names != nil {
		body = strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, fmt.Sprintf("%q", l.names[0])) +
			strings.ReplaceAll(acctest.CRM(acctest.RefreshToken, ""), `"Salesforce"`, fmt.Sprintf("%q", l.names[1]))
	}
	l.command.Write(body)
}

// newToken lets the service user approve the app again.
func (l *life) newToken() {
	l.t.Helper()
	token, err := l.Salesforce.Approve(l.Salesforce.Service().Username)
	if err != nil {
		l.t.Fatal(err)
	}
	l.command.Env = []string{"TF_VAR_refresh_token=" + token}
}

// create creates the connections, and measures how long that takes when nothing is killed. Until more is known, the other
// operations are expected to take as long.
func (l *life) create() {
	l.t.Helper()
	l.prepare("create")
	began := time.Now()
	l.command.Must("apply", "-auto-approve")
	for _, operation := range operations {
		l.took[operation] = time.Since(began)
	}
	l.checkSignIns("create")
}

// check expects a plan without changes, exactly the connections that there should be, and no sign-in too many.
func (l *life) check(what string) {
	l.t.Helper()
	if out, err := l.command.Run("plan", "-detailed-exitcode"); err != nil {
		l.t.Errorf("%s: the plan after it: %v\n%s", what, err, out)
	}
	all, err := l.Client().Connections(l.t.Context(), api.ConnectionFilter{})
	if err != nil {
		l.t.Fatal(err)
	}
	var names []string
	for _, c := range all {
		names = append(names, c.Name)
	}
	slices.Sort(names)
	if !slices.Equal(names, l.names) {
		l.t.Errorf("%s: the control plane has the connections %q, want %q", what, names, l.names)
	}
	l.checkSignIns(what)
}

// checkSignIns looks at the sign-ins since the last check.
func (l *life) checkSignIns(what string) {
	l.t.Helper()
	for _, s := range l.Salesforce.SignInList() {
		if l.accepted[s.Secret] && !l.excused[s.Secret] {
			l.t.Errorf("%s: Salesforce got a refresh token a second time, at %s", what, s.Time)
		}
		if s.Accepted {
			l.accepted[s.Secret] = true
		}
	}
	for _, s := range l.Exchange.SignInList() {
		if s.Accepted {
			continue
		}
		l.rejections = append(l.rejections, s.Time)
		if n := len(l.rejections); n > 2 && s.Time.Sub(l.rejections[n-3]) < 15*time.Minute {
			l.t.Errorf("%s: Exchange got a third wrong password within 15 minutes, at %s", what, s.Time)
		}
	}
	l.Salesforce.Forget()
	l.Exchange.Forget()
}

// lostToken returns the refresh token that Salesforce accepted last, if the process was killed right after that and made no other
// call: it may not have got the new token, and nothing could have saved it. It also returns how long before the kill that was.
func (l *life) lostToken(killed time.Time) (token string, before time.Duration, lost bool) {
	const onTheWay = 300 * time.Millisecond
	requests := l.Salesforce.Requests()
	if len(requests) == 0 {
		return "", 0, false
	}
	last := requests[len(requests)-1]
	if last.SignIn == nil || !last.SignIn.Accepted || killed.Sub(last.Time).Abs() > onTheWay {
		return "", 0, false
	}
	return last.SignIn.Secret, killed.Sub(last.Time), true
}

// victims are what can be killed.
var victims = []string{"terraform", "provider", "both"}

// killTimes kills so many commands, unless the time was enough for fewer. Commands that have ended before they can be killed do
// not count.
func (l *life) killTimes(kills int, enough time.Duration) {
	l.t.Helper()
	began := time.Now()
	for i, done := 0, 0; done < kills && i < 3*kills && time.Since(began) < enough; i++ {
		if l.kill(operations[i%len(operations)]) {
			done++
		}
	}
}

// kill runs an operation, kills a victim at a random moment, and expects that the same command completes the operation after it.
// It reports false if there was nothing to kill.
func (l *life) kill(operation string) bool {
	l.t.Helper()
	l.prepare(operation)
	delay := time.Duration(l.random.Int64N(int64(l.took[operation])))
	victim := victims[l.random.IntN(len(victims))]
	what := fmt.Sprintf("%s, %s killed after %s", operation, victim, delay.Round(time.Millisecond))
	began, command := time.Now(), start(l.command, "apply", "-auto-approve")
	killed, ok := l.killAfter(command, victim, delay)
	l.end(what, command)
	if !ok {
		l.took[operation] = killed.Sub(began)
		l.figures.change(func(f *figures) { f.missed++ })
		if out, err := command.End(); err != nil {
			l.t.Fatalf("%s, although nothing was killed: %v\n%s", operation, err, errorsIn(out))
		}
		l.checkSignIns(operation)
		return false
	}
	l.figures.change(func(f *figures) {
		f.kills++
		f.operations[operation]++
		f.victims[victim]++
	})
	l.repeat(what, killed)
	l.check(what)
	return true
}

// killAfter kills after a delay, and returns when. It reports false if the command had ended before.
func (l *life) killAfter(command *running, victim string, delay time.Duration) (time.Time, bool) {
	l.t.Helper()
	select {
	case <-command.ended:
		return time.Now(), false
	case <-time.After(delay):
	}
	var all []int
	if victim != "terraform" {
		all = awaitProvider(command)
		if len(all) == 0 {
			return time.Now(), false
		}
	}
	if victim != "provider" {
		all = append(all, command.pid())
	}
	if l.random.IntN(2) == 0 {
		slices.Reverse(all)
	}
	sigkill(l.t, all...)
	return time.Now(), true
}

// end waits for the end of a command and of everything that it started.
func (l *life) end(what string, command *running) {
	l.t.Helper()
	select {
	case <-command.ended:
	case <-time.After(time.Minute):
		l.t.Errorf("%s: Terraform does not end", what)
		sigkill(l.t, command.pid())
	}
	orphans, took := awaitNone(l.t, l.command.Dir)
	l.figures.change(func(f *figures) {
		f.orphans += orphans
		f.longestOrphan = max(f.longestOrphan, took)
	})
}

// repeat runs the same command without a kill.
func (l *life) repeat(what string, killed time.Time) {
	l.t.Helper()
	token, before, lost := l.lostToken(killed)
	began := time.Now()
	out, err := l.command.Run("apply", "-auto-approve")
	took := time.Since(began)
	l.figures.change(func(f *figures) { f.longestRepeat = max(f.longestRepeat, took) })
	if err == nil {
		return
	}
	switch {
	case l.importConfirmed(out):
		l.t.Logf("%s: the provider had ended, and Terraform had not saved its state", what)
		l.figures.change(func(f *figures) { f.imported++ })
	case lost && strings.Contains(out, "Given Credentials"):
		l.t.Logf("%s: a token was lost on the way, %s before the kill", what, before)
		l.figures.change(func(f *figures) { f.lost++ })
		l.excused[token] = true
		l.newToken()
	default:
		l.figures.change(func(f *figures) { f.failed++ })
		l.t.Errorf("%s: the same command again: %v\n%s", what, err, errorsIn(out))
	}
	if out, err := l.command.Run("apply", "-auto-approve"); err != nil {
		l.t.Errorf("%s: the same command a third time: %v\n%s", what, err, errorsIn(out))
		l.startOver()
	}
}

// startOver removes everything and makes the connections again, so that one failure does not become many.
func (l *life) startOver() {
	l.t.Helper()
	all, err := l.Client().Connections(l.t.Context(), api.ConnectionFilter{})
	for _, c := range all {
		err = errors.Join(err, l.Client().DeleteConnection(l.t.Context(), c.ID))
	}
	if err := errors.Join(err, os.RemoveAll(filepath.Join(l.command.Dir, "terraform.tfstate"))); err != nil {
		l.t.Fatal(err)
	}
	l.newToken()
	l.command.Must("apply", "-auto-approve")
	l.Salesforce.Forget()
	l.Exchange.Forget()
}

// errorsIn returns the errors in the output of Terraform, without what comes before them.
func errorsIn(out string) string {
	if at := strings.Index(out, "Error:"); at >= 0 {
		return out[at:]
	}
	return out
}
