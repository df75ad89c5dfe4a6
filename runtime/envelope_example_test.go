package runtime_test

import (
	"errors"
	"fmt"
	"log"
	"time"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

// exampleSealer is what the producer and the consumer each make from their
// configuration, with the same keys.
func exampleSealer() *tenant.Sealer {
	prod, err := tenant.ParseEnv("prod")
	if err != nil {
		log.Fatal(err)
	}
	sealer, err := tenant.NewSealer(tenant.SealerConfig{
		Env: prod,
		Keys: []tenant.SealingKey{
			// From the service's secret store.
			{ID: "2026-11", Secret: []byte("0123456789abcdef0123456789abcdef")},
		},
		SealWith: "2026-11",
		MaxAge:   24 * time.Hour,
		Skew:     5 * time.Second,
		Clock:    time.Now,
	})
	if err != nil {
		log.Fatal(err)
	}
	return sealer
}

func ExampleSealer() {
	sealer := exampleSealer()
	type message struct {
		headers map[string]string
		body    []byte
	}

	// The producer, with the scope of the request at hand.
	sc, err := tenant.FromContext(signIn("acme", "ann"))
	if err != nil {
		log.Fatal(err)
	}
	m := message{headers: map[string]string{}, body: []byte(`{"invoice":42}`)}
	if err := sealer.Inject(tenant.MapCarrier(m.headers), sc, "billing/invoice-created", m.body); err != nil {
		log.Fatal(err)
	}

	// The consumer, in another process.
	sc, err = sealer.Extract(tenant.MapCarrier(m.headers), "billing/invoice-created", m.body)
	fmt.Println(sc.Tenant(), sc.Env(), err)

	// The envelope on a message with other content.
	_, err = sealer.Extract(tenant.MapCarrier(m.headers), "billing/invoice-created", []byte(`{"invoice":43}`))
	fmt.Println(errors.Is(err, tenant.ErrEnvelopePayload))
	// Output:
	// acme prod <nil>
	// true
}

func ExampleRecordCarrier() {
	// As kafka-go and franz-go have it.
	type Header struct {
		Key   string
		Value []byte
	}
	var headers []Header

	sealer := exampleSealer()
	sc, err := tenant.FromContext(signIn("acme", "ann"))
	if err != nil {
		log.Fatal(err)
	}
	if err := sealer.Inject(tenant.RecordCarrier(&headers), sc, "billing", nil); err != nil {
		log.Fatal(err)
	}
	fmt.Println(headers[0].Key)
	sc, err = sealer.Extract(tenant.RecordCarrier(&headers), "billing", nil)
	fmt.Println(sc.User(), err)
	// Output:
	// Tenantvet-Envelope
	// ann <nil>
}
