package models

import (
	"testing"
)

func TestBuiltinDecodes(t *testing.T) {
	sets, err := Builtin(func(string) bool { return true })
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range sets {
		text, err := data.ReadFile("data" + s.Name[len("models"):])
		if err != nil {
			t.Fatal(err)
		}
		got := headerPackages(string(text))
		if len(got) != len(s.Packages) {
			t.Errorf("%s: the header scan found %v, decoding %v", s.Name, got, s.Packages)
			continue
		}
		for i := range got {
			if got[i] != s.Packages[i] {
				t.Errorf("%s: the header scan found %v, decoding %v", s.Name, got, s.Packages)
			}
		}
	}
}

func BenchmarkBuiltinStd(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(func(string) bool { return false }); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkBuiltinRedis(b *testing.B) {
	for b.Loop() {
		if _, err := Builtin(func(p string) bool { return p == "github.com/redis/go-redis/v9" }); err != nil {
			b.Fatal(err)
		}
	}
}
