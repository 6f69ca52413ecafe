package sandbox_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var errNoReader = fmt.Errorf("%w reader", sandbox.ErrNotFound)

// reader is an account of the library.
type reader struct {
	Name     string   `json:"name"`
	Books    []string `json:"books"`
	Locked   bool     `json:"locked"`
	Password string   `json:"-" patch:"password"`
}

// library is the smallest stand-in: it greets readers.
type library struct {
	sandbox.Twin[reader]
	greetings int
}

func startLibrary(t *testing.T, seed []reader, lockAfter int) (*library, error) {
	t.Helper()
	l := &library{}
	err := sandbox.StartTwin(&l.Twin, sandbox.TwinOptions[[]reader]{LockAfter: lockAfter}, sandbox.Accounts[reader]{
		Seed: seed, Label: "readers", Missing: errNoReader, Password: func(r *reader) *string { return &r.Password },
		Is: func(r reader, name string) bool { return strings.EqualFold(r.Name, name) },
		Clone: func(r reader) reader {
			r.Books = append([]string{}, r.Books...)
			return r
		},
		Check: func(r reader) error {
			if r.Name == "" {
				return errors.New("a reader requires a name")
			}
			return nil
		},
	}, sandbox.System{
		Serve: l.serve, Operation: func(*http.Request, []byte) string { return "greet" },
		Kinds:   sandbox.Kinds{sandbox.KindDeep: nil, "rude": sandbox.BeforeSignIn(sandbox.NeedsMessage)},
		Restore: func() { l.greetings = 0 },
	})
	if err != nil {
		return nil, err
	}
	t.Cleanup(func() {
		if err := l.Close(); err != nil {
			t.Error(err)
		}
	})
	return l, nil
}

func (l *library) serve(call *sandbox.Call) sandbox.Response {
	name, password, _ := call.Request.BasicAuth()
	account := l.Find(name)
	if account == nil || account.Locked {
		return sandbox.Response{Status: http.StatusForbidden}
	}
	if account.Password != password {
		account.Locked = l.Reject(account.Name)
		return sandbox.Response{Status: http.StatusForbidden}
	}
	l.Accept(account.Name)
	l.greetings++
	return call.Deepen(sandbox.JSON(http.StatusOK, http.Header{}, map[string]string{"greeting": "Hello"}))
}

// greet calls the library and returns the status and the body.
func (l *library) greet(t *testing.T, name, password string) (int, string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, l.URL(), http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.SetBasicAuth(name, password)
	response, err := client(t, &http.Transport{}).Do(request)
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(response.Body)
	if err = errors.Join(err, response.Body.Close()); err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(body)
}

func TestTwin(t *testing.T) {
	t.Parallel()
	seed := []reader{{Name: "ada", Books: []string{"Notes"}}, {Name: "grace", Password: "cobol"}}
	l, err := startLibrary(t, seed, 2)
	if err != nil {
		t.Fatal(err)
	}
	password := l.Service().Password
	if status, body := l.greet(t, "ADA", password); password == "" || status != http.StatusOK || body != `{"greeting":"Hello"}` {
		t.Errorf("%d %s", status, body)
	}
	if err := l.Fail(sandbox.Deep(), 1); err != nil {
		t.Fatal(err)
	}
	if _, body := l.greet(t, "ada", password); !strings.HasPrefix(body, `{"greeting":[[[[`) {
		t.Errorf("not nested: %.40s", body)
	}
	for range 2 {
		l.greet(t, "grace", "fortran")
	}
	if grace, err := l.User("grace"); err != nil || !grace.Locked {
		t.Errorf("after two wrong passwords: %+v %v", grace, err)
	}
	if err := l.Update("ada", func(r *reader) { r.Name = "" }); err == nil || l.Service().Name != "ada" {
		t.Errorf("an invalid change: %v, now %+v", err, l.Service())
	}
	if err := l.Update("nobody", func(*reader) {}); !errors.Is(err, sandbox.ErrNotFound) {
		t.Errorf("of an unknown reader: %v", err)
	}
	changed := l.ChangePassword("library_password")
	if status, _ := l.greet(t, "ada", changed[0].Value); status != http.StatusOK || changed[0].Value == password {
		t.Errorf("with the new password: %d", status)
	}
	l.Users()[0].Books[0] = "changed outside"
	if err := errors.Join(l.Remove("grace"), l.Reset()); err != nil {
		t.Fatal(err)
	}
	if users := l.Users(); len(users) != 2 || users[0].Password != password || users[0].Books[0] != "Notes" || l.greetings != 0 {
		t.Errorf("after the reset: %+v", users)
	}
	if state, ok := l.State().(map[string]any); !ok || state["url"] != l.URL() || state["readers"] == nil || state["up"] != true {
		t.Errorf("state %v", l.State())
	}
}

func TestTwinRejectsSeeds(t *testing.T) {
	t.Parallel()
	for _, seed := range [][]reader{nil, {{}}} {
		if _, err := startLibrary(t, seed, 0); err == nil {
			t.Errorf("%+v was accepted", seed)
		}
	}
}

func TestKinds(t *testing.T) {
	t.Parallel()
	l, err := startLibrary(t, []reader{{Name: "ada"}}, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, valid := range []sandbox.Fault{{Kind: "rude", Message: "Go away", Status: 418}, {Kind: "rude", Message: "Go away"}} {
		if err := l.Fail(valid, 1); err != nil {
			t.Error(err)
		}
	}
	for _, invalid := range []sandbox.Fault{
		{Kind: "rude"}, {Kind: "rude", Message: "x", Status: 200}, {Kind: "rude", Message: "x", Account: "ada"}, {Kind: "kind"},
	} {
		if l.Fail(invalid, 1) == nil {
			t.Errorf("%+v was accepted", invalid)
		}
	}
}
