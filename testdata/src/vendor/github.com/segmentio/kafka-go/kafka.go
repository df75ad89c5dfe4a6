// Package kafka is a stub of the real package: the same names and signatures, no behaviour.
package kafka

import (
	"context"
	"net"
	"time"
)

// Header is a message header.
type Header struct {
	Key   string
	Value []byte
}

// Message is a message.
type Message struct {
	Topic         string
	Partition     int
	Offset        int64
	HighWaterMark int64
	Key           []byte
	Value         []byte
	Headers       []Header
	WriterData    interface{}
	Time          time.Time
}

// Writer writes messages.
type Writer struct {
	Addr         net.Addr
	Topic        string
	MaxAttempts  int
	BatchSize    int
	BatchBytes   int64
	BatchTimeout time.Duration
	Async        bool
}

// WriteMessages writes msgs.
func (w *Writer) WriteMessages(ctx context.Context, msgs ...Message) error { return nil }

// Close closes the writer.
func (w *Writer) Close() error { return nil }

// Reader reads messages.
type Reader struct{ n int }

// ReadMessage waits for a message.
func (r *Reader) ReadMessage(ctx context.Context) (Message, error) { return Message{}, nil }

// FetchMessage waits for a message, which is to be committed.
func (r *Reader) FetchMessage(ctx context.Context) (Message, error) { return Message{}, nil }
