package embedded_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

func TestTheContextEndsARequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	o := own(t)
	o.Systems = systems(func(ctx context.Context) error {
		cancel() // the caller goes away while the target system is asked
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	})
	_, client := open(t, o)
	if _, err := client.CreateConnection(ctx, connection()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-ended // the sign-in was told
	if found, err := client.Connections(t.Context(), api.ConnectionFilter{}); err != nil || len(found) != 0 {
		t.Errorf("what nobody waited for was stored: %+v, %v", found, err)
	}
}

func TestClosing(t *testing.T) {
	t.Parallel()
	began, proceed := make(chan struct{}), make(chan struct{})
	o := own(t)
	o.Systems = systems(func(context.Context) error {
		close(began)
		<-proceed
		return nil
	})
	control, client := open(t, o)
	created := make(chan error, 1)
	go func() {
		_, err := client.CreateConnection(t.Context(), connection())
		created <- err
	}()
	<-began
	closed := make(chan error, 1)
	go func() { closed <- control.Close() }()
	close(proceed)
	if err := <-created; err != nil {
		t.Errorf("a request that was under way: %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := control.Close(); err != nil {
		t.Errorf("closed twice: %v", err)
	}
	if _, err := client.Instance(t.Context()); !errors.Is(err, embedded.ErrClosed) {
		t.Errorf("a request after that: %v", err)
	}
}

type brokenBody struct{ io.Reader }

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("the disk is gone") }
func (brokenBody) Close() error             { return nil }

func TestOddRequests(t *testing.T) {
	t.Parallel()
	control, _ := open(t, own(t))
	broken, err := http.NewRequestWithContext(t.Context(), http.MethodPost, embedded.BaseURL+"/v1/users", brokenBody{})
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := control.RoundTrip(broken); err == nil {
		t.Error("no error for a body that cannot be read", resp.Body.Close())
	}
	fine, err := http.NewRequestWithContext(t.Context(), http.MethodPost, embedded.BaseURL+"/v1/users?a=b#c",
		strings.NewReader(`{"email":"ann@example.com","enabled":true}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := control.RoundTrip(fine)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.ContentLength != int64(len(text)) ||
		resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), "query.a") {
		t.Errorf("%d %s, %v", resp.StatusCode, text, err)
	}
}
