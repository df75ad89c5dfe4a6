package command

import (
	"bytes"
	"testing"
	"time"
)

func TestProgress(t *testing.T) {
	var b bytes.Buffer
	p := &progress{w: &b, start: time.Now()}
	p.update(1, 9)
	p.clear()
	if b.Len() > 0 {
		t.Errorf("a short run shows %q", b.String())
	}
	p = &progress{w: &b, start: time.Now().Add(-2 * time.Second)}
	p.update(1, 9)
	p.update(2, 9) // too soon after the last
	p.clear()
	p.update(3, 9) // after the end
	if got, want := b.String(), "\r\x1b[Ktenantvet: 1 of 9 packages\r\x1b[K"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	var none *progress
	none.clear()
}

func TestProgressIsForPeople(t *testing.T) {
	for _, tc := range []struct {
		cmd  Cmd
		want bool
	}{
		{Cmd{Terminal: true}, true}, {Cmd{}, false},
		{Cmd{Terminal: true, Env: []string{"CI=true"}}, false}, {Cmd{Terminal: true, Env: []string{"CI=false"}}, true},
	} {
		if got := tc.cmd.progress() != nil; got != tc.want {
			t.Errorf("terminal %v, %q: shown is %v", tc.cmd.Terminal, tc.cmd.Env, got)
		}
	}
}
