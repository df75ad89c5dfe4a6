package runtime

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
)

// EnvelopeHeader is the name of the header that [Sealer.Inject] writes and
// [Sealer.Extract] reads. Case does not matter.
const EnvelopeHeader = "Tenantvet-Envelope"

// Carrier is the headers of a message. [http.Header], [MapCarrier] and what
// [RecordCarrier] returns are carriers, and so are the carriers of
// OpenTelemetry's propagation package.
//
// A carrier that also has the method Values(name string) []string, as
// http.Header has, is asked for all values, and refused if there are several.
type Carrier interface {
	// Get returns the value of the header, or "" if there is none.
	Get(name string) string
	// Set sets the header to the value, in place of any that it has.
	Set(name, value string)
}

// ErrInvalidCarrier is returned by [Sealer.Inject] for a carrier that keeps
// nothing: a nil one.
var ErrInvalidCarrier = errors.New("invalid carrier")

// Inject seals the scope, as [Sealer.Seal] does, and writes the envelope into
// the header [EnvelopeHeader]. With an error the carrier is unchanged. A nil
// carrier is refused with [ErrInvalidCarrier].
func (s *Sealer) Inject(c Carrier, sc Scope, audience string, payload []byte) error {
	if h, ok := c.(http.Header); c == nil || ok && h == nil {
		return fmt.Errorf("Inject: %w: it is nil; make one before use", ErrInvalidCarrier)
	}
	text, err := s.Seal(sc, audience, payload)
	if err != nil {
		return err
	}
	c.Set(EnvelopeHeader, text)
	// Other carriers may be nil inside, and a message without its scope would
	// be noticed by the consumer only.
	if c.Get(EnvelopeHeader) != text {
		return fmt.Errorf("Inject: %w: it did not keep the header; make one before use", ErrInvalidCarrier)
	}
	return nil
}

// Extract opens the envelope in the header [EnvelopeHeader], as [Sealer.Open]
// does. Without one it returns [ErrEnvelopeMissing], and with several
// [ErrEnvelopeMalformed]: it does not choose between two callers.
func (s *Sealer) Extract(c Carrier, audience string, payload []byte) (Scope, error) {
	if err := s.check("Extract", audience); err != nil {
		return Scope{}, err
	}
	if c == nil {
		return Scope{}, fmt.Errorf("Extract: %w: there are no headers", ErrEnvelopeMissing)
	}
	if all, ok := c.(interface{ Values(name string) []string }); ok && len(all.Values(EnvelopeHeader)) > 1 {
		return Scope{}, fmt.Errorf("Extract: %w: there are several; send one header %s only", ErrEnvelopeMalformed, EnvelopeHeader)
	}
	text := c.Get(EnvelopeHeader)
	if text == "" {
		return Scope{}, fmt.Errorf("Extract: %w: there is no header %s; seal the message where it is written", ErrEnvelopeMissing, EnvelopeHeader)
	}
	return s.Open(text, audience, payload)
}

// MapCarrier makes a [Carrier] of a map, as queues with string attributes have
// them. Names match without regard to ASCII case, since brokers change it. It is
// as safe for concurrent use as the map.
type MapCarrier map[string]string

// Get returns the value of the header, or "" if there is none.
func (m MapCarrier) Get(name string) string {
	if values := m.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

// Values returns the values of all headers whose names differ in case only, in
// the order of the names.
func (m MapCarrier) Values(name string) []string {
	var values []string
	for _, present := range slices.Sorted(maps.Keys(m)) {
		if strings.EqualFold(present, name) {
			values = append(values, m[present])
		}
	}
	return values
}

// Set sets the header to the value, in place of those whose names differ in case
// only. A nil map stays as it is.
func (m MapCarrier) Set(name, value string) {
	if m == nil {
		return
	}
	for present := range m {
		if strings.EqualFold(present, name) {
			delete(m, present)
		}
	}
	m[name] = value
}

// RecordCarrier makes a [Carrier] of the headers of a Kafka record: a slice of
// structs that have these two fields and no tags, such as kafka-go's Header and
// franz-go's RecordHeader. Set appends to the slice that the argument points to.
// Names match without regard to ASCII case. With a nil argument there are no
// headers, and none is kept. The carrier is as safe for concurrent use as the
// slice.
func RecordCarrier[H ~struct {
	Key   string
	Value []byte
}](headers *[]H) Carrier {
	return recordCarrier[H]{headers}
}

type recordHeader = struct {
	Key   string
	Value []byte
}

type recordCarrier[H ~recordHeader] struct{ headers *[]H }

func (c recordCarrier[H]) Get(name string) string {
	if values := c.Values(name); len(values) > 0 {
		return values[0]
	}
	return ""
}

func (c recordCarrier[H]) Values(name string) []string {
	if c.headers == nil {
		return nil
	}
	var values []string
	for _, h := range *c.headers {
		if h := recordHeader(h); strings.EqualFold(h.Key, name) {
			values = append(values, string(h.Value))
		}
	}
	return values
}

func (c recordCarrier[H]) Set(name, value string) {
	if c.headers == nil {
		return
	}
	// A new slice: the old one may be shared with another record.
	kept := make([]H, 0, len(*c.headers)+1)
	for _, h := range *c.headers {
		if !strings.EqualFold(recordHeader(h).Key, name) {
			kept = append(kept, h)
		}
	}
	*c.headers = append(kept, H(recordHeader{Key: name, Value: []byte(value)}))
}
