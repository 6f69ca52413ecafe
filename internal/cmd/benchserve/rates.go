package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/google/uuid"
)

// The names of the measurements.
const (
	selectName  = "`pgbench -S`, 20 clients"
	updateName  = "`pgbench -N`, 50 clients"
	readName    = "read a connection, 50 clients"
	readTwoName = "the same through two replicas"
	writeName   = "create a user, 50 clients"
	tokenName   = "access token with a client secret, 50 clients"
	// federatedName is with a token of an outside issuer, whose keys are cached.
	federatedName = "access token with a pipeline's own token, 50 clients"
)

// round measures every rate once, each beside what it is compared with.
func (st *stage) round(ctx context.Context, r *report) error {
	length := st.settings.length
	reads, err := st.bench.transactions(ctx, length, "-S", "-c", "20", "-j", "2")
	if err != nil {
		return err
	}
	r.add(selectName, "", sample{perSecond: reads})
	for _, m := range []struct {
		name, baseline string
		want           int
		next           request
	}{
		{readName, selectName, http.StatusOK, st.read(st.replicas[:1])},
		{readTwoName, readName, http.StatusOK, st.read(st.replicas)},
		{tokenName, "", http.StatusOK, st.exchange(st.secrets)},
		{federatedName, "", http.StatusOK, st.exchange(st.identities)},
	} {
		l := load{clients: clients, length: length, want: m.want, next: m.next}
		if err := st.measure(ctx, r, m.name, m.baseline, l); err != nil {
			return err
		}
	}
	writes, err := st.bench.transactions(ctx, length, "-N", "-c", "50", "-j", "2")
	if err != nil {
		return err
	}
	r.add(updateName, "", sample{perSecond: writes})
	return st.measure(ctx, r, writeName, updateName, load{
		clients: clients, length: length, want: http.StatusCreated, next: st.create(st.replicas[:1]),
	})
}

// measure runs a load. A response that is neither a success nor a stated limit is an error.
func (st *stage) measure(ctx context.Context, r *report, name, baseline string, l load) error {
	out, err := l.run(ctx, st.http)
	if err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	if out.failed > 0 || out.limited > 0 {
		return fmt.Errorf("%s: %d requests failed and %d were limited: %w", name, out.failed, out.limited, out.failure)
	}
	r.add(name, baseline, sample{perSecond: out.perSecond, p99: out.p99})
	return nil
}

// read reads the connection, from the replicas in turn.
func (st *stage) read(replicas []*replica) request {
	return func(ctx context.Context, client, n int) (*http.Request, error) {
		return st.authorized(ctx, client, http.MethodGet, replicas[(client+n)%len(replicas)].url+"/v1/connections/"+st.connectionID, "")
	}
}

// create creates a user without a sync policy.
func (st *stage) create(replicas []*replica) request {
	return func(ctx context.Context, client, n int) (*http.Request, error) {
		body := fmt.Sprintf(`{"email": "created-%s@example.com", "enabled": false}`, uuid.NewString())
		request, err := st.authorized(ctx, client, http.MethodPost, replicas[(client+n)%len(replicas)].url+"/v1/users", body)
		if err == nil {
			request.Header.Set("Idempotency-Key", uuid.NewString())
			request.Header.Set("Content-Type", "application/json")
		}
		return request, err
	}
}

// exchange requests access tokens with the forms of the registered clients.
func (st *stage) exchange(forms []url.Values) request {
	return func(ctx context.Context, client, n int) (*http.Request, error) {
		return st.tokenRequest(ctx, client+n%(registered/clients)*clients, forms)
	}
}

func (st *stage) authorized(ctx context.Context, client int, method, address, body string) (*http.Request, error) {
	request, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(body))
	if err == nil {
		request.Header.Set("Authorization", "Bearer "+st.tokens[client])
	}
	return request, err
}

// token requests an access token for a client.
func (st *stage) token(ctx context.Context, client int) (string, error) {
	request, err := st.tokenRequest(ctx, client, st.secrets)
	if err != nil {
		return "", err
	}
	var token struct {
		AccessToken string `json:"access_token"`
	}
	if err := st.call(request, http.StatusOK, &token); err != nil {
		return "", fmt.Errorf("request a token: %w", err)
	}
	return token.AccessToken, nil
}

// call sends one request, and decodes its response.
func (st *stage) call(request *http.Request, want int, out any) (err error) {
	response, err := st.http.Do(request)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, response.Body.Close()) }()
	if response.StatusCode != want {
		text, _ := io.ReadAll(io.LimitReader(response.Body, 1<<12)) // what there is of the explanation
		return fmt.Errorf("status %d: %s", response.StatusCode, text)
	}
	return json.NewDecoder(response.Body).Decode(out)
}
