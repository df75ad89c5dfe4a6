//go:build !race

package scopelog_test

const raceEnabled = false
