// Golangci is golangci-lint with tenantvet's plugin, built in the way that
// "golangci-lint custom" does it but from modules alone, for the tests of this
// directory: they compare its answers with the command's.
package main
