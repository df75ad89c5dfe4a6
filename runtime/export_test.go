package runtime

// NewScope lets tests make scopes of ids that no boundary would let pass, such
// as those that a fuzzer invents. It is not there outside of this package's own
// tests.
var NewScope = newScope
