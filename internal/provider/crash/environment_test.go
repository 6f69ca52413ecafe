package crash_test

import (
	"cmp"
	"os"
	"strconv"
	"testing"
	"time"
)

// What the tests can be told. The variables are read here, since acctest.Main removes everything of the provider from the
// environment.
var (
	killsVariable = os.Getenv("RIVA_TEST_KILLS")
	seedVariable  = os.Getenv("RIVA_TEST_SEED")
	turnsVariable = os.Getenv("RIVA_TEST_TURNS")
)

const (
	// defaultKills is small enough for every run of the tests.
	defaultKills = 8
	// defaultTurns is how many commands run at the same time.
	defaultTurns = 8
)

// number returns the number in a variable, or else the default.
func number(t *testing.T, variable string, otherwise int) int {
	t.Helper()
	n, err := strconv.Atoi(cmp.Or(variable, strconv.Itoa(otherwise)))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// newSeed returns the seed of the random moments. A failure can be repeated with the seed that the test printed, more or less.
func newSeed(t *testing.T) uint64 {
	t.Helper()
	return uint64(number(t, seedVariable, int(time.Now().UnixNano()%1_000_000)))
}
