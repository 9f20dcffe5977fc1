//go:build race

package matrix_test

// underRace leaves the matrix out: it asks one hub ten thousand times, which is
// slow under the race detector and shows it nothing that the other tests of whole
// hubs do not. scripts/test.sh runs it in a step of its own.
const underRace = true
