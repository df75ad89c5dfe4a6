package models

import "testing"

func TestProse(t *testing.T) {
	for _, test := range []struct {
		need    []Dims
		all, no string
	}{
		{nil, "", "no scope"},
		{[]Dims{Tenant}, "tenant", "no tenant"},
		{[]Dims{Tenant, Env}, "tenant and env", "no tenant and no env"},
		{[]Dims{Tenant, Env, User}, "tenant, env and user", "no tenant, no env and no user"},
		{[]Dims{Tenant | User, Env}, "tenant or user and env", "no tenant or user and no env"},
	} {
		if all, no := All(test.need), No(test.need); all != test.all || no != test.no {
			t.Errorf("%v: %q and %q, want %q and %q", test.need, all, no, test.all, test.no)
		}
	}
	if got := AllDims.And(); got != "tenant, env and user" {
		t.Errorf("all dimensions: %q", got)
	}
}
