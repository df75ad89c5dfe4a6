// Package settings signs with what another package has read.
package settings

import (
	"crypto/hmac"
	"crypto/sha256"

	"corpus/limits/settings/env"
)

// Sign signs with a secret of which nobody knows whether it is there.
//
// case: limits/settings limit
func Sign(message []byte) []byte {
	mac := hmac.New(sha256.New, []byte(env.Read().LinkSecret))
	mac.Write(message)
	return mac.Sum(nil)
}
