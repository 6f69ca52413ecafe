package store_test

import (
	"errors"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func putCredentials(t *testing.T, s *store.Store, id, binding string, c target.Credentials) {
	t.Helper()
	b := model.Binding{ConnectionID: id, Settings: binding}
	change(t, s, func(tx model.Tx) error { return tx.PutCredentials(t.Context(), b, c) })
}

func readCredentials(t *testing.T, s *store.Store, id, binding string) (c target.Credentials, err error) {
	t.Helper()
	err = s.View(t.Context(), func(tx model.Tx) (err error) {
		c, err = tx.Credentials(t.Context(), model.Binding{ConnectionID: id, Settings: binding})
		return err
	})
	return c, err
}

func TestPutCredentialsReplacesAll(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "mail")
		insertConnections(t, s, c)
		putCredentials(t, s, c.ID, "there", target.Credentials{"password": "p", "client_secret": "s"})
		want := target.Credentials{"password": "ünï <&> \n"}
		putCredentials(t, s, c.ID, "there", want)
		got, err := readCredentials(t, s, c.ID, "there")
		if err != nil {
			t.Fatal(err)
		}
		if len(got) != 1 || got["password"] != want["password"] {
			t.Errorf("read other credentials than were written: %v", got)
		}
		change(t, s, func(tx model.Tx) error { return tx.DeleteCredentials(t.Context(), c.ID) })
		if _, err := readCredentials(t, s, c.ID, "there"); !errors.Is(err, model.ErrNotFound) {
			t.Errorf("after the deletion: %v", err)
		}
		change(t, s, func(tx model.Tx) error { return tx.DeleteCredentials(t.Context(), c.ID) })
	})
}

func TestCredentialsAreBound(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		c := plainConnection(t, "mail")
		insertConnections(t, s, c)
		putCredentials(t, s, c.ID, "https://mail.example.com\nsvc", target.Credentials{"password": "canary"})
		for _, binding := range []string{
			"", "https://evil.example.com\nsvc", "https://mail.example.com\nadmin", "https://mail.example.com\nsvc\n",
		} {
			if got, err := readCredentials(t, s, c.ID, binding); !errors.Is(err, model.ErrSealed) || got != nil {
				t.Errorf("binding %q: %v", binding, err)
			}
		}
	})
}

func TestDigest(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		digest := func(purpose string, parts ...string) string {
			sum, err := s.Digest(purpose, parts...)
			if err != nil {
				t.Fatal(err)
			}
			return string(sum)
		}
		sum := digest("submitted", "password", "canary")
		if digest("submitted", "password", "canary") != sum {
			t.Error("the same texts give different digests")
		}
		if !s.Matches([]byte(sum), "submitted", "password", "canary") {
			t.Error("the digest does not match its own texts")
		}
		for _, other := range [][]string{
			{"submitted"},
			{"submitted", "passwordcanary"},
			{"submitted", "passwor", "dcanary"},
			{"submitted", "password", "canary", ""},
			{"submitted", "canary", "password"},
			{"attempt", "password", "canary"},
			{"submittedpassword", "canary"},
		} {
			if digest(other[0], other[1:]...) == sum || s.Matches([]byte(sum), other[0], other[1:]...) {
				t.Errorf("%q has the digest of other texts", other)
			}
		}
		for _, broken := range [][]byte{nil, {}, []byte("short"), []byte(sum[:len(sum)-1])} {
			if s.Matches(broken, "submitted", "password", "canary") {
				t.Errorf("the digest %x matches", broken)
			}
		}
	})
}
