package cli

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// signInStub is a control plane whose re-validation has one state after the other.
type signInStub struct {
	states    []api.Revalidation
	requested api.Revalidate
	refusal   error
	confirm   error
	calls     []string
	canceled  api.Revalidation
}

func (s *signInStub) Revalidate(_ context.Context, _ string, _ int64, in api.Revalidate) (api.Revalidation, error) {
	s.requested = in
	return api.Revalidation{ID: "r", State: api.RevalidationPending}, s.refusal
}

func (s *signInStub) Revalidation(context.Context, string, string) (api.Revalidation, error) {
	if slices.Contains(s.calls, "cancel") {
		return s.canceled, nil
	}
	next := s.states[0]
	if len(s.states) > 1 {
		s.states = s.states[1:]
	}
	return next, nil
}

func (s *signInStub) ConfirmRevalidation(context.Context, string, string) (api.Revalidation, error) {
	s.calls = append(s.calls, "confirm")
	return succeeded(), s.confirm
}

func (s *signInStub) CancelRevalidation(context.Context, string, string) error {
	s.calls = append(s.calls, "cancel")
	return nil
}

func succeeded() api.Revalidation {
	now := time.Now()
	return api.Revalidation{
		State: api.RevalidationSucceeded, Message: "Done!", Identity: &api.Identity{Username: "ada", OrganizationID: "00D"},
		MetadataRefreshedAt: &now, Connection: api.Connection{Name: "c", LastTest: &api.TestResult{Passed: true}},
	}
}

func pending() api.Revalidation { return api.Revalidation{State: api.RevalidationPending} }

func confirmable() api.Revalidation {
	return api.Revalidation{State: api.RevalidationConfirm, Identity: &api.Identity{Username: "ada", OrganizationName: "Example"}}
}

// signInOf returns a sign-in at a stub, and what it prints. A person at the terminal types in.
func signInOf(stub *signInStub, in io.Reader) (*signIn, *bytes.Buffer) {
	var said bytes.Buffer
	return &signIn{
		api: stub, connection: api.Connection{ID: "i", Name: "c"}, out: &said, timeout: time.Hour, noBrowser: true,
		system: api.TargetSystem{Tests: []string{"general", "metadata"}},
		dialog: &dialog{out: &said, raw: &said, in: in, interactive: in != nil},
	}, &said
}

// blocked is a terminal where nobody types.
type blocked struct{ end <-chan struct{} }

func (b blocked) Read([]byte) (int, error) {
	<-b.end
	return 0, io.EOF
}

// The person says who signed in before anything is stored.
func TestPersonConfirmsWhoSignedIn(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		typed, want string
		confirm     error
		calls       []string
	}{
		"yes":         {"yes\n", "", nil, []string{"confirm"}},
		"Y":           {"Y\n", "", nil, []string{"confirm"}},
		"no":          {"no\n", "not confirmed", nil, []string{"cancel"}},
		"nothing":     {"\n", "not confirmed", nil, []string{"cancel"}},
		"no line":     {"", "not confirmed", nil, []string{"cancel"}},
		"test failed": {"yes\n", "could not store the sign-in", errors.New("down"), []string{"confirm", "cancel"}},
	} {
		synctest.Test(t, func(t *testing.T) {
			stub := &signInStub{states: []api.Revalidation{pending(), confirmable()}, confirm: c.confirm}
			s, said := signInOf(stub, strings.NewReader(c.typed))
			err := s.run(t.Context(), func(ctx context.Context, r api.Revalidation) (api.Revalidation, error) {
				return s.untilEnd(ctx, r, time.Second)
			})
			if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) ||
				!slices.Equal(stub.calls, c.calls) || !stub.requested.Confirm ||
				!strings.Contains(said.String(), "Signed in as ada (organization Example).\n") {
				t.Errorf("%s: error %v, calls %v, said\n%s", name, err, stub.calls, said)
			}
		})
	}
}

// The answer on the page counts as well.
func TestPersonConfirmsOnThePage(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		end := make(chan struct{})
		defer close(end)
		stub := &signInStub{states: []api.Revalidation{confirmable(), confirmable(), succeeded()}}
		s, said := signInOf(stub, blocked{end})
		err := s.run(t.Context(), func(ctx context.Context, r api.Revalidation) (api.Revalidation, error) {
			return s.untilEnd(ctx, r, time.Second)
		})
		if err != nil || len(stub.calls) != 0 {
			t.Errorf("error %v, calls %v, said\n%s", err, stub.calls, said)
		}
	})
}

func TestUnknownPersonRequiresTerminal(t *testing.T) {
	t.Parallel()
	stub := &signInStub{refusal: &api.Problem{
		Status: 422, Title: "Invalid", Errors: []api.ProblemError{{Path: "interactive", Message: "who?"}},
	}}
	s, _ := signInOf(stub, nil)
	err := s.run(t.Context(), nil)
	if err == nil || !strings.Contains(err.Error(), "without a terminal the command cannot ask") || stub.requested.Confirm {
		t.Errorf("error %v, requested %+v", err, stub.requested)
	}
}

func TestVerdictOfSignIn(t *testing.T) {
	t.Parallel()
	untested, failed, unread := succeeded(), succeeded(), succeeded()
	untested.Connection.LastTest, failed.Connection.LastTest = nil, &api.TestResult{}
	unread.MetadataRefreshedAt = nil
	for name, c := range map[string]struct {
		end  api.Revalidation
		want string
	}{
		"succeeded":         {succeeded(), ""},
		"not tested":        {untested, "the test failed"},
		"failed test":       {failed, "the test failed"},
		"no metadata":       {unread, "the metadata could not be read"},
		"expired":           {api.Revalidation{State: api.RevalidationExpired}, "the link has expired"},
		"too many attempts": {api.Revalidation{State: api.RevalidationFailed, Fault: &api.Fault{Title: "T"}}, "too many attempts"},
		"replaced":          {api.Revalidation{State: api.RevalidationCanceled, Message: "replaced"}, "has ended: replaced"},
	} {
		stub := &signInStub{}
		s, said := signInOf(stub, nil)
		err := s.run(t.Context(), func(context.Context, api.Revalidation) (api.Revalidation, error) { return c.end, nil })
		if (c.want == "") != (err == nil) || err != nil && !strings.Contains(err.Error(), c.want) || len(stub.calls) != 0 {
			t.Errorf("%s: error %v, calls %v, said\n%s", name, err, stub.calls, said)
		}
	}
}

// The wait ends at the time-out or with the link, shows how long it is, and leaves nothing pending.
func TestSignInTimesOut(t *testing.T) {
	t.Parallel()
	for animated, want := range map[bool]string{
		false: "Waiting for the sign-in: 3m0s left.\nWaiting for the sign-in: 2m0s left.\nWaiting for the sign-in: 1m0s left.\n",
		true:  "\r\x1b[KWaiting for the sign-in: 2m59s left.\r\x1b[KWaiting for the sign-in: 2m58s left.",
	} {
		synctest.Test(t, func(t *testing.T) {
			stub := &signInStub{states: []api.Revalidation{pending()}}
			s, said := signInOf(stub, nil)
			s.dialog.animated = animated
			began := time.Now()
			err := s.run(t.Context(), func(ctx context.Context, r api.Revalidation) (api.Revalidation, error) {
				return s.untilEnd(ctx, r, time.Second)
			})
			if err == nil || time.Since(began) != time.Hour {
				t.Errorf("without an expiry: %v after %s", err, time.Since(began))
			}
			said.Reset()
			s.dialog.reported, stub.calls = time.Time{}, nil
			link := api.Revalidation{ExpiresAt: new(time.Now().Add(3 * time.Minute))}
			ctx, stop := context.WithTimeout(t.Context(), s.lifetime(&link))
			defer stop()
			_, err = s.untilEnd(ctx, pending(), time.Second)
			s.dialog.endCountdown()
			if !errors.Is(err, context.DeadlineExceeded) || !strings.Contains(said.String(), want) ||
				animated && !strings.HasSuffix(said.String(), "\r\x1b[K") {
				t.Errorf("error %v, said %q", err, said)
			}
		})
	}
}

// A sign-in that succeeds while it is canceled has succeeded.
func TestSignInSucceedsWhileInterrupted(t *testing.T) {
	t.Parallel()
	for state, want := range map[string]string{api.RevalidationCanceled: "interrupted: ", api.RevalidationSucceeded: ""} {
		stub := &signInStub{canceled: succeeded()}
		stub.canceled.State = state
		s, _ := signInOf(stub, nil)
		ctx, cancel := context.WithCancel(t.Context())
		err := s.run(ctx, func(ctx context.Context, r api.Revalidation) (api.Revalidation, error) {
			cancel()
			return s.untilEnd(ctx, r, time.Hour)
		})
		if (want == "") != (err == nil) || err != nil && !strings.HasPrefix(err.Error(), want) ||
			!slices.Equal(stub.calls, []string{"cancel"}) {
			t.Errorf("%s: error %v, calls %v", state, err, stub.calls)
		}
	}
}

func TestListenTakesFreePort(t *testing.T) {
	t.Parallel()
	free, err := listen(t.Context(), &api.TargetAuthorize{RedirectHost: "localhost"})
	if err != nil {
		t.Fatal(err)
	}
	defer free.close()
	first, _ := strconv.Atoi(portOf(free.listeners[0]))
	other, err := listen(t.Context(), &api.TargetAuthorize{RedirectHost: "127.0.0.1"})
	if err != nil || len(other.listeners) != 1 || !strings.HasPrefix(other.address, "http://127.0.0.1:") {
		t.Fatalf("%+v, %v", other, err)
	}
	second, _ := strconv.Atoi(portOf(other.listeners[0]))
	grant := &api.TargetAuthorize{RedirectHost: "localhost", RedirectPorts: []int{first, second}}
	var used *portsInUseError
	if _, err := listen(t.Context(), grant); !errors.As(err, &used) || !strings.Contains(err.Error(), strconv.Itoa(second)) {
		t.Errorf("all ports are in use: %v", err)
	}
	other.close()
	found, err := listen(t.Context(), grant)
	if err != nil || found.address != "http://localhost:"+strconv.Itoa(second) {
		t.Fatalf("%+v, %v", found, err)
	}
	found.close()
	if _, err := listen(t.Context(), &api.TargetAuthorize{RedirectHost: "example.com"}); err == nil {
		t.Error("listens for another machine")
	}
}

// A browser may call localhost at the address of IPv6: a port that is in use there only is not taken.
func TestListenNeedsBothLoopbackAddresses(t *testing.T) {
	t.Parallel()
	var config net.ListenConfig
	taken, err := config.Listen(t.Context(), "tcp", "[::1]:0")
	if err != nil {
		return // this machine has no IPv6
	}
	defer taken.Close() //nolint:errcheck // nothing was written
	port, _ := strconv.Atoi(portOf(taken))
	if _, err := listen(t.Context(), &api.TargetAuthorize{RedirectHost: "localhost", RedirectPorts: []int{port}}); err == nil {
		t.Error("listens beside another program")
	}
}

func TestBrowserCommands(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		system string
		env    map[string]string
		want   string
	}{
		"Linux":            {"linux", map[string]string{"DISPLAY": ":0"}, "xdg-open"},
		"Wayland":          {"freebsd", map[string]string{"WAYLAND_DISPLAY": "wayland-0"}, "xdg-open"},
		"no display":       {"linux", nil, ""},
		"BROWSER":          {"linux", map[string]string{"BROWSER": "one --new %s:two"}, "one --new %s|two"},
		"macOS":            {"darwin", nil, "open"},
		"Windows":          {"windows", nil, "rundll32 url.dll,FileProtocolHandler"},
		"BROWSER on macOS": {"darwin", map[string]string{"BROWSER": "one"}, "one"},
	} {
		commands, err := browserCommands(c.system, func(name string) string { return c.env[name] })
		var got []string
		for _, words := range commands {
			got = append(got, strings.Join(words, " "))
		}
		if strings.Join(got, "|") != c.want || (err != nil) != (c.want == "") {
			t.Errorf("%s: %q, %v", name, got, err)
		}
	}
}

func TestReadUnechoed(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("x", 20_000)
	for typed, want := range map[string]string{
		"abc\rnext": "abc", "ab\x7fc\x08d \n": "ad", "abc\x15d\r": "d", long + "\r": long, "end": "end", "\x7f\r": "",
	} {
		got, err := readUnechoed(strings.NewReader(typed))
		if got != want || (err != nil) != (typed == "end") {
			t.Errorf("%.10q: %.10q, %v", typed, got, err)
		}
	}
	if _, err := readUnechoed(strings.NewReader("abc\x03")); !errors.Is(err, errInterrupted) {
		t.Errorf("Ctrl-C: %v", err)
	}
	if _, err := readUnechoed(strings.NewReader("\x04")); !errors.Is(err, io.EOF) {
		t.Errorf("Ctrl-D: %v", err)
	}
}

func TestReadCallback(t *testing.T) {
	t.Parallel()
	const redirect = "http://localhost:47100/oauth/callback"
	for pasted, want := range map[string]string{
		redirect + "?code=c&state=s":                     "",
		`"` + redirect + `?error=access_denied&state=s"`: "",
		redirect + "?code=c&state=s#":                    "",
		"":                                               "Nothing was pasted",
		"code=c&state=s":                                 "not an address",
		"http://%zz":                                     "not an address",
		redirect + "?code=c":                             "no code",
		redirect + "?state=s":                            "no code",
		"http://localhost:47101/oauth/callback?code=c&state=s":    "another address",
		"https://login.example.com/authorize?client_id=1&state=s": "another address",
	} {
		query, reason := readCallback(pasted, redirect)
		if (want == "") != (reason == "") || !strings.Contains(reason, want) || (query.Get("state") == "s") != (reason == "") {
			t.Errorf("%s: %v, %q", pasted, query, reason)
		}
	}
}
