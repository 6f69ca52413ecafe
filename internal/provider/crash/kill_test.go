//go:build linux

package crash_test

import (
	"math/rand/v2"
	"os"
	"sync"
	"testing"
	"time"
)

// Terraform, the provider or both are killed at random moments. Whatever was killed when: nothing is left running, the same
// command completes the work, nothing is lost or doubled, and no target system gets a secret too often.
func TestKilledCommandsCanBeRepeated(t *testing.T) {
	t.Parallel()
	kills, seed, f := number(t, killsVariable, defaultKills), newSeed(t), newFigures()
	t.Logf("RIVA_TEST_SEED=%d", seed)
	// A command that is killed during a sign-in makes the next one wait until its lease has expired, which are 20 seconds. Unless
	// the number of kills was chosen, there may be fewer of them.
	enough := 30 * time.Second
	if os.Getenv(killsVariable) != "" {
		enough = time.Hour
	}
	var running sync.WaitGroup
	for name, slow := range map[string]bool{"fast systems": false, "slow systems": true} {
		running.Go(func() { // they wait most of the time: not as many at once as the machine has processors
			t.Run(name, func(t *testing.T) {
				l := newLife(t, rand.New(rand.NewPCG(seed, uint64(len(name)))), f)
				if slow {
					slowDown(t, l.Exchange, l.Salesforce)
				}
				l.create()
				l.killTimes((kills+1)/2, enough)
			})
		})
	}
	running.Wait()
	t.Log(f)
	if f.imported > 1+f.kills/20 { // the time between the end of the provider and the write of the state is some milliseconds
		t.Errorf("%d connections had to be imported", f.imported)
	}
}
