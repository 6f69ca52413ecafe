package plane_test

import (
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/storetest"
)

// Comparing must not be a way to guess a password, on however many machines, and whatever their clocks say.
func TestMachinesCompareTenDifferentPasswords(t *testing.T) {
	t.Parallel()
	storetest.Each(t, func(t *testing.T, d storetest.Database) {
		mail := sandboxtest.Start(t, exchange.Start, exchange.Options{})
		machines := startMachines(t, d)
		created, err := machines[0].CreateConnection(t.Context(), mailConnection(mail, "Exchange", mail.Service().Password))
		if err != nil {
			t.Fatal(err)
		}
		var unequal, withheld atomic.Int64
		forAll(machines, 5, func(m *machine, call int) {
			guess := map[string]string{"password": fmt.Sprint("guess ", call)}
			result, err := m.Compare(t.Context(), api.Comparison{ConnectionID: created.ID, Credentials: guess})
			switch {
			case err != nil:
				t.Error(err)
			case result == api.Unequal:
				unequal.Add(1)
			default:
				withheld.Add(1)
			}
		})
		if unequal.Load() != api.MaxUnequalComparisons || withheld.Load() != 20-api.MaxUnequalComparisons {
			t.Errorf("%d guesses were answered, want %d", unequal.Load(), api.MaxUnequalComparisons)
		}
	})
}
