package runtime

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"
)

// MaxEnvelopeBytes is the longest text that [Sealer.Open] looks at. An envelope
// is shorter, however long its ids: some 200 to 1700 bytes.
const MaxEnvelopeBytes = 2048

// MaxSealingKeyID is the longest id of a [SealingKey], in bytes.
const MaxSealingKeyID = 64

const (
	// envelopePrefix versions the form: another one has another prefix.
	envelopePrefix = "tve1:"
	// envelopeDomain keeps the MACs of envelopes apart from anything else that
	// is made with the same secret.
	envelopeDomain = "tenantvet envelope v1"
	// envelopeFields is how many fields an envelope has before its MAC.
	envelopeFields = 8
	// maxEnvelopeMilli bounds the time in an envelope, so that arithmetic on
	// it never overflows: some 280,000 years.
	maxEnvelopeMilli = 1 << 53
)

// envelopeCoding refuses text with stray bits in its last character, so that no
// two texts are the same envelope.
func envelopeCoding() *base64.Encoding { return base64.RawURLEncoding.Strict() }

// The errors that [Sealer.Open] and [Sealer.Extract] refuse an envelope with.
// Each wraps ErrInvalidEnvelope; test for them with [errors.Is]. What an envelope
// says is looked at only after its signature was found right, in the order of
// this list.
var (
	// ErrInvalidEnvelope is wrapped by all other errors about envelopes.
	ErrInvalidEnvelope = errors.New("invalid envelope")

	// ErrEnvelopeMissing: there is no envelope.
	ErrEnvelopeMissing = fmt.Errorf("%w: missing", ErrInvalidEnvelope)

	// ErrEnvelopeOversized: the text is longer than [MaxEnvelopeBytes].
	ErrEnvelopeOversized = fmt.Errorf("%w: oversized", ErrInvalidEnvelope)

	// ErrEnvelopeMalformed: the text is not of the form that [Sealer.Seal]
	// writes, or there are several.
	ErrEnvelopeMalformed = fmt.Errorf("%w: malformed", ErrInvalidEnvelope)

	// ErrEnvelopeTruncated: the end is missing.
	ErrEnvelopeTruncated = fmt.Errorf("%w: truncated", ErrInvalidEnvelope)

	// ErrEnvelopeUnknownKey: it was sealed with a key that the sealer has not.
	ErrEnvelopeUnknownKey = fmt.Errorf("%w: unknown key", ErrInvalidEnvelope)

	// ErrEnvelopeTampered: it was changed, or sealed with another secret.
	ErrEnvelopeTampered = fmt.Errorf("%w: tampered with", ErrInvalidEnvelope)

	// ErrEnvelopeForeignEnv: it belongs to another environment.
	ErrEnvelopeForeignEnv = fmt.Errorf("%w: foreign environment", ErrInvalidEnvelope)

	// ErrEnvelopeAudience: it was sealed for another audience.
	ErrEnvelopeAudience = fmt.Errorf("%w: wrong audience", ErrInvalidEnvelope)

	// ErrEnvelopePayload: it was sealed with another payload.
	ErrEnvelopePayload = fmt.Errorf("%w: wrong payload", ErrInvalidEnvelope)

	// ErrEnvelopeFuture: it was sealed later than now.
	ErrEnvelopeFuture = fmt.Errorf("%w: from the future", ErrInvalidEnvelope)

	// ErrEnvelopeExpired: it is older than the sealer's maximal age.
	ErrEnvelopeExpired = fmt.Errorf("%w: expired", ErrInvalidEnvelope)
)

var (
	// ErrInvalidSealer is returned by [NewSealer] for a configuration with
	// faults, and by the methods of a [Sealer] that it did not make.
	ErrInvalidSealer = errors.New("invalid sealer")

	// ErrInvalidAudience is returned by [Sealer.Seal] and [Sealer.Open] if the
	// caller names no audience, or one that is not well formed.
	ErrInvalidAudience = errors.New("invalid audience")
)

// SealerConfig is what [NewSealer] needs. There are no defaults: only Skew may
// be left zero.
type SealerConfig struct {
	// Env is the environment of this deployment. Nothing of another one is
	// sealed or opened.
	Env Env

	// Keys are all keys that open envelopes, each with an id of its own.
	Keys []SealingKey

	// SealWith is the id of the key that seals.
	//
	// To change keys, let every process know the new key first, then seal with
	// it, and drop the old one when MaxAge has passed since.
	SealWith string

	// MaxAge is how old an envelope may be when it is opened. It must cover
	// the longest time that a message waits, retries included.
	MaxAge time.Duration

	// Skew is how far in the future an envelope may have been sealed, for
	// clocks that differ: a few seconds between machines. Zero means none. It
	// must be less than MaxAge.
	Skew time.Duration

	// Clock tells the time: time.Now. It is called concurrently.
	Clock func() time.Time
}

// SealingKey is a secret that envelopes are signed with.
type SealingKey struct {
	// ID tells keys apart. It is not secret: it stands in each envelope. It
	// has at most [MaxSealingKeyID] letters, digits, '-', '_' and '.'.
	ID string

	// Secret is random and at least [MinSecretBytes] long.
	Secret []byte `json:"-" xml:"-"`
}

// Format writes the same for every key, whatever the verb, so that the secret is
// not printed.
func (k SealingKey) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "sealing key("+redacted+")") // a State takes no errors back
}

// Sealer carries scopes to other processes, beside messages of a queue or rows
// of an outbox: [Sealer.Seal] writes an envelope, [Sealer.Open] makes a scope of
// it again. The far side so gets a scope that was resolved, and need not believe
// a tenant that the message claims.
//
// An envelope is signed, not encrypted: who reads it can read the ids in it. It
// is bound to the environment, to an audience, to the payload of one message
// and to a time, so it can neither be altered nor moved to another message. The
// very same message can arrive twice, as it may with any queue; Open does not
// count.
//
// The zero Sealer has no keys and refuses everything. A Sealer is immutable and
// safe for concurrent use.
type Sealer struct {
	env    Env
	maxAge time.Duration
	skew   time.Duration
	clock  func() time.Time
	seal   sealingKey
	keys   []sealingKey
}

// sealingKey holds the secret in a closure, since fmt prints the bytes of a slice.
type sealingKey struct {
	id     string
	newMAC func() hash.Hash
}

// NewSealer returns a sealer. It refuses a configuration with faults and names
// all of them in one error, which wraps [ErrInvalidSealer], and also
// [ErrInvalidEnv] or [ErrInvalidSecret] where those are among the faults.
// Secrets are copied.
func NewSealer(config SealerConfig) (*Sealer, error) {
	var faults []error
	fault := func(format string, args ...any) { faults = append(faults, fmt.Errorf(format, args...)) }

	if !config.Env.IsValid() {
		fault("Env: %w: the zero Env; make one with ParseEnv", ErrInvalidEnv)
	}
	s := &Sealer{env: config.Env, maxAge: config.MaxAge, skew: config.Skew, clock: config.Clock}
	if len(config.Keys) == 0 {
		fault("Keys: none given; at least one is needed")
	}
	for i, k := range config.Keys {
		if !wellFormedKeyID(k.ID) {
			fault("Keys[%d].ID: needs 1 to %d letters, digits, '-', '_' and '.'", i, MaxSealingKeyID)
		}
		if len(k.Secret) < MinSecretBytes {
			fault("Keys[%d].Secret: %w: %d bytes given, at least %d random ones are needed", i, ErrInvalidSecret, len(k.Secret), MinSecretBytes)
		}
		for j, earlier := range config.Keys[:i] {
			if k.ID == earlier.ID {
				fault("Keys[%d].ID: the same as of Keys[%d]; each key needs its own", i, j)
			}
			if len(k.Secret) > 0 && bytes.Equal(k.Secret, earlier.Secret) {
				fault("Keys[%d].Secret: %w: the same as of Keys[%d]; a new key needs a new secret", i, ErrInvalidSecret, j)
			}
		}
		own := bytes.Clone(k.Secret)
		key := sealingKey{id: strings.Clone(k.ID), newMAC: func() hash.Hash { return hmac.New(sha256.New, own) }}
		s.keys = append(s.keys, key)
		if k.ID == config.SealWith {
			s.seal = key
		}
	}
	switch {
	case config.SealWith == "":
		fault("SealWith: missing; name the key that seals")
	case s.seal.newMAC == nil:
		fault("SealWith: names none of Keys")
	}
	if config.MaxAge <= 0 {
		fault("MaxAge: must be positive, such as 24 hours")
	}
	switch {
	case config.Skew < 0:
		fault("Skew: must not be negative")
	case config.Skew > 0 && config.Skew >= config.MaxAge:
		fault("Skew: must be less than MaxAge")
	}
	if config.Clock == nil {
		fault("Clock: missing; give time.Now")
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("NewSealer: %w: %w", ErrInvalidSealer, errors.Join(faults...))
	}
	return s, nil
}

func wellFormedKeyID(id string) bool {
	for i := range len(id) {
		if !plain(id[i]) {
			return false
		}
	}
	return 0 < len(id) && len(id) <= MaxSealingKeyID
}

// check returns the error for a sealer or an audience that is not usable.
func (s *Sealer) check(fn, audience string) error {
	if s == nil || s.clock == nil {
		return fmt.Errorf("%s: %w: it has no keys; make it with NewSealer", fn, ErrInvalidSealer)
	}
	if audience == "" {
		return fmt.Errorf("%s: %w: it is empty; name who is to read this kind of message", fn, ErrInvalidAudience)
	}
	if reason := malformedID(audience); reason != "" {
		return fmt.Errorf("%s: %w: the audience %s", fn, ErrInvalidAudience, reason)
	}
	return nil
}

// Seal returns an envelope that carries the scope to those who call
// [Sealer.Open] with the same audience and the same payload.
//
// The audience says what kind of message this is and for whom, such as
// "billing/invoice-created"; it is well formed as ids are. It keeps an envelope
// of one queue from being used on another.
//
// The payload is the message as the consumer will see it. Only its SHA-256 goes
// into the envelope. Where something on the way changes the bytes, seal what
// stays the same instead: the message's id, or topic and key. A nil payload
// binds to no content: then whoever can write to the queue can put the envelope
// of one message onto another of the same audience.
//
// The envelope is printable text without spaces: "tve1:" and unpadded base64url.
// It never holds more than [MaxEnvelopeBytes].
//
// An invalid scope is refused with [ErrInvalidScope], a scope of another
// environment than the sealer's with [ErrEnvelopeForeignEnv], and an audience
// with [ErrInvalidAudience].
func (s *Sealer) Seal(sc Scope, audience string, payload []byte) (string, error) {
	if err := s.check("Seal", audience); err != nil {
		return "", err
	}
	if err := sc.check("Seal"); err != nil {
		return "", err
	}
	if sc.env != s.env {
		return "", fmt.Errorf("Seal: %w: the scope is not of the sealer's environment; seal in the deployment that the scope belongs to", ErrEnvelopeForeignEnv)
	}
	at := s.clock().UnixMilli()
	if at < 0 || at >= maxEnvelopeMilli {
		return "", fmt.Errorf("Seal: %w: its clock is not set", ErrInvalidSealer)
	}
	var milli [8]byte
	binary.BigEndian.PutUint64(milli[:], uint64(at))
	digest := sha256.Sum256(payload)

	var buf [512]byte
	raw := append(buf[:0], 0, 0) // the length, once known
	raw = appendField(raw, s.seal.id)
	raw = appendField(raw, milli[:])
	raw = appendField(raw, s.env.String())
	raw = appendField(raw, sc.Tenant())
	raw = appendField(raw, sc.User())
	raw = appendField(raw, sc.Role())
	raw = appendField(raw, audience)
	raw = appendField(raw, digest[:])
	binary.BigEndian.PutUint16(raw, uint16(len(raw)-2+sha256.Size))
	raw = s.seal.appendMAC(raw, raw)

	coding := envelopeCoding()
	text := make([]byte, 0, len(envelopePrefix)+coding.EncodedLen(len(raw)))
	text = append(text, envelopePrefix...)
	return string(coding.AppendEncode(text, raw)), nil
}

// appendField appends a field after its length in bytes, as 2 bytes. None is
// longer than MaxIDBytes.
func appendField[T string | []byte](raw []byte, field T) []byte {
	raw = binary.BigEndian.AppendUint16(raw, uint16(len(field)))
	return append(raw, field...)
}

// appendMAC appends HMAC-SHA-256 over the domain after its length, as 8 bytes,
// and over the body, whose length is its first field.
func (k sealingKey) appendMAC(to, body []byte) []byte {
	mac := k.newMAC()
	var head [8 + len(envelopeDomain)]byte
	binary.BigEndian.PutUint64(head[:], uint64(len(envelopeDomain)))
	copy(head[8:], envelopeDomain)
	_, _ = mac.Write(head[:]) // a hash.Hash never returns an error
	_, _ = mac.Write(body)
	return mac.Sum(to)
}

// Open returns the scope of an envelope that was sealed in this environment, for
// this audience, with this payload, at most the maximal age ago. Whatever else
// it is given it refuses with the zero Scope and an error that wraps
// [ErrInvalidEnvelope] and the error that says why, such as
// [ErrEnvelopeTampered]; all are safe to log. Nothing in an envelope is believed
// before its signature was found right.
//
// Who owns the scope's ids is as it was when the envelope was sealed: a
// membership that was withdrawn since is not noticed.
func (s *Sealer) Open(text, audience string, payload []byte) (Scope, error) {
	if err := s.check("Open", audience); err != nil {
		return Scope{}, err
	}
	e, err := s.verify(text)
	if err != nil {
		return Scope{}, err
	}
	if e.env != s.env {
		return Scope{}, fmt.Errorf("Open: %w: it was sealed in another deployment; deliver messages within one environment", ErrEnvelopeForeignEnv)
	}
	if e.audience != audience {
		return Scope{}, fmt.Errorf("Open: %w: it was sealed for other readers; open it with the audience it was sealed for", ErrEnvelopeAudience)
	}
	if digest := sha256.Sum256(payload); !hmac.Equal(digest[:], e.digest) {
		return Scope{}, fmt.Errorf("Open: %w: it belongs to another message, or the message was changed on the way; open it with the payload it was sealed with", ErrEnvelopePayload)
	}
	switch age := s.clock().Sub(e.at); {
	case age < -s.skew:
		return Scope{}, fmt.Errorf("Open: %w: by %s; set the clocks, or allow for more skew", ErrEnvelopeFuture, age.Abs().Round(time.Second))
	case age > s.maxAge:
		return Scope{}, fmt.Errorf("Open: %w: it is %s old and %s are allowed; raise the maximal age if messages wait that long", ErrEnvelopeExpired, age.Round(time.Second), s.maxAge)
	}
	// The one place where an envelope becomes a scope.
	sc, err := newScope(e.tenant, e.env, e.user, e.role)
	if err != nil {
		return Scope{}, fmt.Errorf("Open: %w: %w", ErrEnvelopeMalformed, err)
	}
	return sc, nil
}

// envelope is what a text with the right signature says.
type envelope struct {
	at                 time.Time
	env                Env
	tenant, user, role string
	audience           string
	digest             []byte
}

// verify takes a text apart and checks its signature.
func (s *Sealer) verify(text string) (envelope, error) {
	if text == "" {
		return envelope{}, fmt.Errorf("Open: %w: the text is empty; seal the message where it is written", ErrEnvelopeMissing)
	}
	if len(text) > MaxEnvelopeBytes {
		return envelope{}, fmt.Errorf("Open: %w: %d bytes given, at most %d are read", ErrEnvelopeOversized, len(text), MaxEnvelopeBytes)
	}
	malformed := func(why string) (envelope, error) {
		return envelope{}, fmt.Errorf("Open: %w: %s; pass on what Seal wrote, unchanged", ErrEnvelopeMalformed, why)
	}
	truncated := func() (envelope, error) {
		return envelope{}, fmt.Errorf("Open: %w: the end is missing; allow for headers of %d bytes", ErrEnvelopeTruncated, MaxEnvelopeBytes)
	}
	coded, ok := strings.CutPrefix(text, envelopePrefix)
	if !ok {
		if strings.HasPrefix(envelopePrefix, text) {
			return truncated()
		}
		return malformed("it does not begin with " + envelopePrefix)
	}
	// The decoder would skip line ends, and a changed text would pass.
	if strings.ContainsAny(coded, "\r\n") {
		return malformed("it holds a line end")
	}
	coding := envelopeCoding()
	// The length comes first, and tells a text that was cut from one that was
	// damaged. It is three of the first four characters.
	if len(coded) < 4 {
		return truncated()
	}
	var length [3]byte
	if _, err := coding.Decode(length[:], []byte(coded[:4])); err != nil {
		return malformed("it is not base64url")
	}
	switch want := coding.EncodedLen(2 + int(binary.BigEndian.Uint16(length[:]))); {
	case len(coded) < want:
		return truncated()
	case len(coded) > want:
		return malformed("it goes on after its end")
	}
	raw, err := coding.DecodeString(coded)
	if err != nil {
		return malformed("it is not base64url")
	}
	if len(raw) < 2+sha256.Size {
		return malformed("it is too short")
	}
	signed := raw[:len(raw)-sha256.Size]
	rest := signed[2:]
	var fields [envelopeFields][]byte
	for i := range fields {
		if len(rest) < 2 {
			return malformed("it has too few fields")
		}
		n := int(binary.BigEndian.Uint16(rest))
		if rest = rest[2:]; n > len(rest) {
			return malformed("a field is longer than the whole")
		}
		fields[i], rest = rest[:n], rest[n:]
	}
	if len(rest) > 0 {
		return malformed("it has too many fields")
	}
	key := s.key(fields[0])
	if key == nil {
		return envelope{}, fmt.Errorf("Open: %w: no key has its id; add the key that the other side seals with", ErrEnvelopeUnknownKey)
	}
	var buf [sha256.Size]byte
	if !hmac.Equal(key.appendMAC(buf[:0], signed), raw[len(signed):]) {
		return envelope{}, fmt.Errorf("Open: %w: the signature does not fit; it was changed, or keys of one id have different secrets", ErrEnvelopeTampered)
	}

	// From here on it was written by a holder of the secret.
	e := envelope{
		tenant:   string(fields[3]),
		user:     string(fields[4]),
		role:     string(fields[5]),
		audience: string(fields[6]),
		digest:   fields[7],
	}
	if len(fields[1]) != 8 {
		return malformed("its time is not 8 bytes long")
	}
	milli := binary.BigEndian.Uint64(fields[1])
	if milli >= maxEnvelopeMilli {
		return malformed("its time is out of range")
	}
	e.at = time.UnixMilli(int64(milli))
	if e.env, err = ParseEnv(string(fields[2])); err != nil {
		return malformed("its environment is unknown")
	}
	return e, nil
}

// key returns the key of that id, or nil.
func (s *Sealer) key(id []byte) *sealingKey {
	for i := range s.keys {
		if s.keys[i].id == string(id) {
			return &s.keys[i]
		}
	}
	return nil
}

// Format writes the same for every sealer, whatever the verb, so that nothing
// about its keys is printed.
func (s Sealer) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "sealer("+redacted+")") // a State takes no errors back
}
