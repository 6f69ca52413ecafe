//go:build race

package provider_test

// raceFactor is how many more allocations the race detector may cause: pools drop some of their objects with it.
const raceFactor = 1.3
