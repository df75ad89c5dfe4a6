// Package proof has the tests of other packages.
package proof
