package store_test

import (
	"errors"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/store"
)

func TestRejectedSignIns(t *testing.T) {
	t.Parallel()
	eachStore(t, func(t *testing.T, s *store.Store) {
		ctx := t.Context()
		rejected := func(digest string, minutes int) model.RejectedSignIn {
			at := after(time.Duration(minutes) * time.Minute)
			return model.RejectedSignIn{Digest: []byte(digest), At: at, Fault: *fullFault()}
		}
		list := func(digest string, since time.Time) []model.RejectedSignIn {
			return view(t, s, func(tx model.Tx) ([]model.RejectedSignIn, error) {
				return tx.RejectedSignIns(ctx, []byte(digest), since, after(time.Hour))
			})
		}
		change(t, s, func(tx model.Tx) error {
			var errs []error
			for _, r := range []model.RejectedSignIn{
				rejected("a", 0), rejected("b", 1), rejected("a", 5), rejected("b", 7), rejected("a", 9),
			} {
				errs = append(errs, tx.InsertRejectedSignIn(ctx, r))
			}
			return errors.Join(errs...)
		})
		equal(t, "oldest first", list("a", startTime), []model.RejectedSignIn{rejected("a", 0), rejected("a", 5), rejected("a", 9)})
		equal(t, "since", list("a", after(5*time.Minute)), []model.RejectedSignIn{rejected("a", 5), rejected("a", 9)})

		change(t, s, func(tx model.Tx) error { return tx.DeleteRejectedSignIns(ctx, []byte("a"), after(5*time.Minute)) })
		equal(t, "deleted", list("a", startTime), nil)
		equal(t, "old ones of other digests", list("b", startTime), []model.RejectedSignIn{rejected("b", 7)})

		change(t, s, func(tx model.Tx) error { return tx.DeleteRejectedSignIns(ctx, nil, startTime) })
		equal(t, "no digest", list("b", startTime), []model.RejectedSignIn{rejected("b", 7)})
	})
}
