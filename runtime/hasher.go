package runtime

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"hash"
	"io"
)

// MinSecretBytes is the length that the secret of a [Hasher] has at least.
const MinSecretBytes = 32

// hashPrefix versions the form of hashed keys; hashDomain keeps their digests
// apart from anything else made with the same secret.
const (
	hashPrefix = "tvh1:"
	hashDomain = "tenantvet key v1"
)

// Hasher turns keys into text that shows no ids: with the secret the same key
// always gives the same text, without it nobody can tell which tenant, user or
// part a text stands for, nor test a guess. The zero Hasher has no secret and
// hashes nothing. A Hasher is immutable and safe for concurrent use.
type Hasher struct {
	// A closure over the secret, since fmt prints the bytes of a slice if the
	// hasher sits in an unexported field of something else.
	newMAC func() hash.Hash
}

// NewHasher returns a hasher with a copy of the secret, which must be random
// and at least [MinSecretBytes] long; a shorter one is refused with an error that
// wraps [ErrInvalidSecret]. Changing the secret changes every hashed key, so
// what was stored under the old ones is no longer found.
func NewHasher(secret []byte) (*Hasher, error) {
	if len(secret) < MinSecretBytes {
		return nil, fmt.Errorf("NewHasher: %w: %d bytes given, at least %d random ones are needed", ErrInvalidSecret, len(secret), MinSecretBytes)
	}
	own := bytes.Clone(secret)
	return &Hasher{newMAC: func() hash.Hash { return hmac.New(sha256.New, own) }}, nil
}

// Hash returns the hashed form of the key: "tvh1:" and 43 characters of
// unpadded base64url (letters, digits, '-' and '_'), 48 in all. It refuses the
// zero Key with [ErrInvalidKey], and with [ErrInvalidSecret] if h was not made by
// [NewHasher].
//
// The characters are HMAC-SHA-256 over, in this order, the text "tenantvet key
// v1" and the readable form of the key, each after its length in bytes as 8 bytes,
// most significant first. The form is stable and may be stored; a different one
// would have a different prefix.
func (h *Hasher) Hash(k Key) (string, error) {
	if h == nil || h.newMAC == nil {
		return "", fmt.Errorf("Hash: %w: the hasher has none; make it with NewHasher", ErrInvalidSecret)
	}
	if !k.IsValid() {
		return "", fmt.Errorf("Hash: %w: the zero Key; make one with NewKey and check its error", ErrInvalidKey)
	}
	input := make([]byte, 0, 8+len(hashDomain)+8+len(k.text))
	for _, field := range []string{hashDomain, k.text} {
		input = binary.BigEndian.AppendUint64(input, uint64(len(field)))
		input = append(input, field...)
	}
	mac := h.newMAC()
	_, _ = mac.Write(input) // a hash.Hash never returns an error
	var sum [sha256.Size]byte
	text := make([]byte, 0, len(hashPrefix)+base64.RawURLEncoding.EncodedLen(len(sum)))
	text = append(text, hashPrefix...)
	text = base64.RawURLEncoding.AppendEncode(text, mac.Sum(sum[:0]))
	return string(text), nil
}

// Format writes the same for every hasher, whatever the verb, so that the
// secret is not printed.
func (h Hasher) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "hasher("+redacted+")") // a State takes no errors back
}
