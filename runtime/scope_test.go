package runtime_test

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unsafe"

	tenant "github.com/tenantvet/tenantvet/runtime"
)

func env(t testing.TB, name string) tenant.Env {
	t.Helper()
	e, err := tenant.ParseEnv(name)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// scope makes a scope of "tenant env user role"; the last two may be missing.
func scope(t testing.TB, ids string) tenant.Scope {
	t.Helper()
	f := append(strings.Fields(ids), "", "")
	sc, err := tenant.NewScope(f[0], env(t, f[1]), f[2], f[3])
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

func TestScopeAccessors(t *testing.T) {
	sc := scope(t, "acme prod ann admin")
	if !sc.IsValid() || sc.Tenant() != "acme" || sc.Env() != env(t, "prod") || sc.User() != "ann" || sc.Role() != "admin" {
		t.Errorf("got %t %q %v %q %q", sc.IsValid(), sc.Tenant(), sc.Env(), sc.User(), sc.Role())
	}
	var zero tenant.Scope
	if zero.IsValid() || zero.Tenant() != "" || zero.Env().IsValid() || zero.User() != "" || zero.Role() != "" {
		t.Errorf("zero scope: got %t %q %v %q %q", zero.IsValid(), zero.Tenant(), zero.Env(), zero.User(), zero.Role())
	}
}

func TestScopeEqual(t *testing.T) {
	all := []string{
		"acme prod ann admin", "acme prod ann", "acme prod", "acme dev ann admin", "umbrella prod ann admin",
		"acme prod bob admin", "acme prod ann owner", "ACME prod ann admin", "caf\u00e9 prod", "cafe\u0301 prod",
	}
	for i, a := range all {
		for j, b := range all {
			if got := scope(t, a) == scope(t, b); got != (i == j) {
				t.Errorf("%q == %q is %t", a, b, got)
			}
		}
	}
	if scope(t, all[0]) == (tenant.Scope{}) {
		t.Error("a valid scope equals the zero one")
	}
}

func TestScopeKeepsItsIDs(t *testing.T) {
	// As routers do that reuse their buffers.
	buf := []byte("acme")
	sc, err := tenant.NewScope(unsafe.String(&buf[0], len(buf)), env(t, "prod"), "", "")
	if err != nil {
		t.Fatal(err)
	}
	copy(buf, "evil")
	if sc.Tenant() != "acme" || sc != scope(t, "acme prod") {
		t.Errorf("the tenant changed to %q with the buffer it came from", sc.Tenant())
	}
}

func TestNewScope(t *testing.T) {
	prod := env(t, "prod")
	long := strings.Repeat("x", tenant.MaxIDBytes)
	for _, tt := range []struct {
		name, tenant string
		env          tenant.Env
		user, role   string
		want         error
		says         string
	}{
		{"all", "acme", prod, "ann", "admin", nil, ""},
		{"no user", "acme", prod, "", "", nil, ""},
		{"service role", "acme", prod, "", "indexer", nil, ""},
		{"separators", "a:b/c=d%e|f", prod, "auth0|1", "x:y", nil, ""},
		{"not ascii", "\u4f1a\u793e", prod, "J\u00f6rg", "\u7ba1\u7406", nil, ""},
		{"space inside", "Acme Inc", prod, "", "", nil, ""},
		{"longest", long, prod, long, long, nil, ""},
		{"longest, not ascii", strings.Repeat("\u00e9", 128), prod, "", "", nil, ""},
		{"no tenant", "", prod, "ann", "", tenant.ErrInvalidID, "tenant is empty"},
		{"long tenant", long + "x", prod, "", "", tenant.ErrInvalidID, "tenant is 257 bytes long"},
		{"long user", "acme", prod, long + "x", "", tenant.ErrInvalidID, "user is 257 bytes long"},
		{"long role", "acme", prod, "ann", long + "x", tenant.ErrInvalidID, "role is 257 bytes long"},
		{"long in bytes", strings.Repeat("\u00e9", 129), prod, "", "", tenant.ErrInvalidID, "258 bytes"},
		{"nul", "ac\x00me", prod, "", "", tenant.ErrInvalidID, "tenant holds the control character U+0000"},
		{"newline", "acme", prod, "ann\nadmin", "", tenant.ErrInvalidID, "user holds the control character U+000A"},
		{"delete", "acme", prod, "ann", "a\x7fb", tenant.ErrInvalidID, "role holds the control character U+007F"},
		{"c1 control", "ac\u0085me", prod, "", "", tenant.ErrInvalidID, "U+0085"},
		{"not utf-8", "ac\xffme", prod, "", "", tenant.ErrInvalidID, "tenant is not valid utf-8"},
		{"surrogate", "ac\xed\xa0\x80me", prod, "", "", tenant.ErrInvalidID, "not valid utf-8"},
		{"leading space", " acme", prod, "", "", tenant.ErrInvalidID, "white space"},
		{"trailing space", "acme", prod, "ann ", "", tenant.ErrInvalidID, "user starts or ends with white space"},
		{"no-break space", "acme\u00a0", prod, "", "", tenant.ErrInvalidID, "white space"},
		{"only space", " ", prod, "", "", tenant.ErrInvalidID, "white space"},
		{"no env", "acme", tenant.Env{}, "ann", "", tenant.ErrInvalidEnv, "ParseEnv"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			sc, err := tenant.NewScope(tt.tenant, tt.env, tt.user, tt.role)
			if !errors.Is(err, tt.want) || sc.IsValid() != (tt.want == nil) {
				t.Fatalf("got %v, %v; want error %v", sc, err, tt.want)
			}
			if err == nil {
				if sc.Tenant() != tt.tenant || sc.Env() != tt.env || sc.User() != tt.user || sc.Role() != tt.role {
					t.Errorf("got %q %v %q %q", sc.Tenant(), sc.Env(), sc.User(), sc.Role())
				}
				return
			}
			if !strings.Contains(err.Error(), tt.says) {
				t.Errorf("error %q does not say %q", err, tt.says)
			}
			for _, id := range []string{tt.tenant, tt.user, tt.role} {
				if strings.TrimSpace(id) != "" && strings.Contains(err.Error(), id) {
					t.Errorf("error %q shows an id", err)
				}
			}
		})
	}
}

// leaks reports whether the text holds one of the ids of secretScope, in the
// forms that fmt may give them.
func leaks(text string) bool {
	for _, id := range []string{"tttt", "uuuu", "rrrr"} {
		for _, form := range []string{
			id,
			fmt.Sprintf("%x", id), fmt.Sprintf("%X", id), fmt.Sprintf("% x", id), fmt.Sprintf("% X", id),
			fmt.Sprintf("%#x", id), fmt.Sprintf("%# x", id),
			strings.Trim(fmt.Sprint([]byte(id)), "[]"),
			strings.Trim(fmt.Sprintf("%o", []byte(id)), "[]"),
			strings.Trim(fmt.Sprintf("%b", []byte(id)), "[]"),
		} {
			if strings.Contains(text, form) {
				return true
			}
		}
	}
	return false
}

func TestScopeRedacted(t *testing.T) {
	sc := scope(t, "tttt prod uuuu rrrr")
	key, err := tenant.NewUserKey(sc, "x")
	if err != nil {
		t.Fatal(err)
	}
	if !leaks(key.String()) {
		t.Fatal("leaks does not see the ids in a key's text")
	}
	type exported struct{ Scope tenant.Scope }
	type hidden struct {
		scope tenant.Scope
		ptr   *tenant.Scope
		list  []tenant.Scope
		byID  map[string]tenant.Scope
	}
	// What a developer prints when looking for a bug: the scope, or whatever
	// has it inside.
	values := map[string]any{
		"value":    sc,
		"pointer":  &sc,
		"slice":    []tenant.Scope{sc},
		"map key":  map[tenant.Scope]int{sc: 1},
		"any":      []any{sc},
		"exported": exported{sc},
		"hidden":   hidden{sc, &sc, []tenant.Scope{sc}, map[string]tenant.Scope{"k": sc}},
		"nested":   &struct{ h *hidden }{&hidden{scope: sc}},
		"context":  mustContext(t, sc),
	}
	for name, v := range values {
		for _, verb := range "vTsqdxXtbcoOUeEfFgGpw" {
			for _, flags := range []string{"", "+", "#", "+#", "-", " ", "0", "40", ".3"} {
				format := "%" + flags + string(verb)
				if text := fmt.Sprintf(format, v); leaks(text) {
					t.Errorf("%s: %s prints %s", name, format, text)
				}
			}
		}
		var log bytes.Buffer
		for _, h := range []slog.Handler{slog.NewTextHandler(&log, nil), slog.NewJSONHandler(&log, nil)} {
			slog.New(h).Info("msg", "v", v)
		}
		if log.Len() == 0 || leaks(log.String()) {
			t.Errorf("%s: log/slog writes %s", name, log.String())
		}
		if text, err := json.Marshal(v); leaks(string(text)) || leaks(fmt.Sprint(err)) {
			t.Errorf("%s: encoding/json writes %s, %v", name, text, err)
		}
	}
	if leaks(sc.String()) || leaks(sc.GoString()) {
		t.Errorf("String %q, GoString %q", sc.String(), sc.GoString())
	}
	if want := "scope(tenant=[redacted] env=prod user=[redacted] role=[redacted])"; sc.String() != want {
		t.Errorf("String = %q, want %q", sc.String(), want)
	}
	if want := "scope(tenant=[redacted] env=dev user=none role=none)"; fmt.Sprint(scope(t, "tttt dev")) != want {
		t.Errorf("Sprint = %q, want %q", fmt.Sprint(scope(t, "tttt dev")), want)
	}
	if got := fmt.Sprintf("%v", tenant.Scope{}); got != "scope(invalid)" {
		t.Errorf("the zero scope prints as %q", got)
	}
	var log bytes.Buffer
	slog.New(slog.NewTextHandler(&log, nil)).Info("msg", "a", sc, "b", tenant.Scope{})
	if want := `a.tenant=[redacted] a.env=prod a.user=[redacted] a.role=[redacted] b=scope(invalid)`; !strings.Contains(log.String(), want) {
		t.Errorf("log/slog writes %q, want %q", log.String(), want)
	}
}

func TestScopeRefusesEncoding(t *testing.T) {
	sc := scope(t, "acme prod ann admin")
	if text, err := json.Marshal(sc); !errors.Is(err, tenant.ErrInvalidScope) {
		t.Errorf("json: %s, %v", text, err)
	}
	if text, err := json.Marshal(map[tenant.Scope]int{sc: 1}); err == nil {
		t.Errorf("json, as a map key: %s, %v", text, err)
	}
	if text, err := xml.Marshal(sc); !errors.Is(err, tenant.ErrInvalidScope) {
		t.Errorf("xml: %s, %v", text, err)
	}
	if err := gob.NewEncoder(&bytes.Buffer{}).Encode(sc); err == nil {
		t.Error("gob encodes a scope")
	}
	for _, in := range []string{`{"tenant":"evil"}`, `{"Tenant":"evil","Env":"prod"}`, `{"id":{"value":{"tenant":"evil"}}}`, `{}`, `null`} {
		var got struct{ Scope tenant.Scope }
		_ = json.Unmarshal([]byte(`{"Scope":`+in+`}`), &got) // with or without an error
		if got.Scope.IsValid() {
			t.Errorf("decoding %s makes a valid scope", in)
		}
	}
}
