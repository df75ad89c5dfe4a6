//go:build race

package scopelog_test

// raceEnabled: with the race detector sync.Pool drops at random, so allocations
// cannot be counted.
const raceEnabled = true
