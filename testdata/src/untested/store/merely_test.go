package store

import "testing"

func TestMerely(t *testing.T) {
	if (&Merely{}).rdb != nil {
		t.Error("a client out of nothing")
	}
}
