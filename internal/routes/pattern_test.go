package routes

import "testing"

// The programs are those that protoc-gen-grpc-gateway writes for these paths.
func TestCompiled(t *testing.T) {
	for _, c := range []struct {
		ops  []int
		pool []string
		want string // none: it is no program
	}{
		{[]int{2, 0, 2, 1, 1, 0, 4, 1, 5, 2}, []string{"v1", "orders", "id"}, "/v1/orders/{id}"},
		{[]int{2, 0, 2, 1, 1, 0, 4, 2, 5, 2, 2, 3}, []string{"v1", "shelves", "name", "books"}, "/v1/shelves/{name}/books"},
		{[]int{2, 0, 3, 0, 4, 1, 5, 1}, []string{"files", "path"}, "/files/{path...}"},
		{[]int{2, 0, 2, 1, 1, 0, 2, 2, 1, 0, 4, 4, 5, 3}, []string{"v1", "a", "b", "name"}, "/v1/a/{name}/b/{name_2}"},
		{[]int{2, 0, 1, 0}, []string{"v1"}, "/v1/*"},
		{[]int{2, 0, 0, 0}, []string{"v1"}, "/v1"},
		{nil, nil, "/"},
		{[]int{2, 1}, []string{"v1"}, ""},
		{[]int{2, -1}, []string{"v1"}, ""},
		{[]int{4, 1}, nil, ""},
		{[]int{1, 0, 4, 0}, nil, ""},
		{[]int{5, 0}, []string{"id"}, ""},
		{[]int{6, 0}, nil, ""},
	} {
		var ops, pool []Value
		for _, n := range c.ops {
			ops = append(ops, integer(n))
		}
		for _, s := range c.pool {
			pool = append(pool, str(s))
		}
		got, ok := compiled(ops, pool)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%v of %q is %q, %v; it should be %q", c.ops, c.pool, got, ok, c.want)
		}
	}
}
