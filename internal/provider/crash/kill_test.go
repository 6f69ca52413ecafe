//go:build linux

package crash_test

import (
	"math/rand/v2"
	"testing"
)

// Terraform, the provider or both are killed at random moments. Whatever was killed when: nothing is left running, the same
// command completes the work, nothing is lost or doubled, and no target system gets a secret too often.
func TestKilledCommandsCanBeRepeated(t *testing.T) {
	t.Parallel()
	kills, seed, f := number(t, killsVariable, defaultKills), newSeed(t), newFigures()
	t.Logf("RIVA_TEST_SEED=%d", seed)
	lives := map[string]bool{"fast": false, "slow": true}
	t.Run("systems", func(t *testing.T) {
		for name, slow := range lives {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				l := newLife(t, rand.New(rand.NewPCG(seed, uint64(len(name)))), f)
				if slow {
					slowDown(t, l.Exchange, l.Salesforce)
				}
				l.measure()
				for i := range (kills + len(lives) - 1) / len(lives) {
					l.kill(operations[i%len(operations)])
				}
			})
		}
	})
	t.Log(f)
}
