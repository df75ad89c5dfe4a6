// Package nats is a stub of the library, with its signatures.
package nats

type Msg struct {
	Subject string
	Data    []byte
}

type MsgHandler func(msg *Msg)

type Subscription struct{ Subject string }

type Option func(*Conn) error

type Conn struct{ url string }

func Connect(url string, options ...Option) (*Conn, error) { return &Conn{url}, nil }

func (nc *Conn) Subscribe(subj string, cb MsgHandler) (*Subscription, error) {
	return &Subscription{subj}, nil
}

func (nc *Conn) QueueSubscribe(subj, queue string, cb MsgHandler) (*Subscription, error) {
	return &Subscription{subj}, nil
}
