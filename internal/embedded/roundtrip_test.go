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

func TestContextEndsRequest(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	o := newOptions(t)
	o.Systems = systems(func(ctx context.Context) error {
		cancel() // the caller stops waiting during the call of the target system
		<-ctx.Done()
		close(ended)
		return ctx.Err()
	})
	_, client := open(t, o)
	if _, err := client.CreateConnection(ctx, connection()); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v", err)
	}
	<-ended // the sign-in was canceled as well
	if found, err := client.Connections(t.Context(), api.ConnectionFilter{}); err != nil || len(found) != 0 {
		t.Errorf("the connection was stored: %+v, %v", found, err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	started, proceed := make(chan struct{}), make(chan struct{})
	o := newOptions(t)
	o.Systems = systems(func(context.Context) error {
		close(started)
		<-proceed
		return nil
	})
	control, client := open(t, o)
	created := make(chan error, 1)
	go func() {
		_, err := client.CreateConnection(t.Context(), connection())
		created <- err
	}()
	<-started
	closed := make(chan error, 1)
	go func() { closed <- control.Close() }()
	close(proceed)
	if err := <-created; err != nil {
		t.Errorf("a request that had started before: %v", err)
	}
	if err := <-closed; err != nil {
		t.Error(err)
	}
	if err := control.Close(); err != nil {
		t.Errorf("second close: %v", err)
	}
	if _, err := client.Instance(t.Context()); !errors.Is(err, embedded.ErrClosed) {
		t.Errorf("a request after the close: %v", err)
	}
}

func TestAbortCancelsRequests(t *testing.T) {
	t.Parallel()
	started := make(chan struct{})
	o := newOptions(t)
	o.Systems = systems(func(ctx context.Context) error {
		close(started)
		<-ctx.Done() // a target system that does not respond
		return ctx.Err()
	})
	control, client := open(t, o)
	created := make(chan error, 1)
	go func() {
		_, err := client.CreateConnection(t.Context(), connection())
		created <- err
	}()
	<-started
	if err := control.Abort(); err != nil {
		t.Error(err)
	}
	if err := <-created; err == nil {
		t.Error("the connection was created")
	}
	_, again := open(t, embedded.Options{DataDir: o.DataDir, Keyset: o.Keyset})
	if found, err := again.Connections(t.Context(), api.ConnectionFilter{}); err != nil || len(found) != 0 {
		t.Errorf("stored: %+v, %v", found, err)
	}
}

type brokenBody struct{ io.Reader }

func (brokenBody) Read([]byte) (int, error) { return 0, errors.New("the disk has failed") }
func (brokenBody) Close() error             { return nil }

func TestUnusualRequests(t *testing.T) {
	t.Parallel()
	control, _ := open(t, newOptions(t))
	broken, err := http.NewRequestWithContext(t.Context(), http.MethodPost, embedded.BaseURL+"/v1/users", brokenBody{})
	if err != nil {
		t.Fatal(err)
	}
	if resp, err := control.RoundTrip(broken); err == nil {
		t.Error("there is no error for an unreadable body", resp.Body.Close())
	}
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, embedded.BaseURL+"/v1/users?a=b#c",
		strings.NewReader(`{"email":"ann@example.com","enabled":true}`))
	if err != nil {
		t.Fatal(err)
	}
	resp, err := control.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := io.ReadAll(resp.Body)
	if err = errors.Join(err, resp.Body.Close()); err != nil || resp.ContentLength != int64(len(text)) ||
		resp.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(string(text), "query.a") {
		t.Errorf("%d %s, %v", resp.StatusCode, text, err)
	}
}
