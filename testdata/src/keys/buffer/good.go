package buffer

import (
	"bytes"
	"net/http"
	"time"

	"github.com/redis/go-redis/v9"
	tenant "github.com/tenantvet/tenantvet/runtime"
)

// Logos keeps pictures.
type Logos struct{ rdb *redis.Client }

// Save writes the scope and the id.
//
// case: buffer/scoped clean
func (l *Logos) Save(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	buf := bytes.NewBufferString("logo/")
	buf.WriteString(sc.Tenant())
	buf.WriteByte('/')
	buf.WriteString(sc.Env().String())
	buf.WriteByte('/')
	buf.WriteString(r.PathValue("user"))
	l.rdb.Set(r.Context(), buf.String(), r.FormValue("picture"), time.Hour)
}

// Load takes the bytes of the buffer.
//
// case: buffer/bytes clean
func (l *Logos) Load(w http.ResponseWriter, r *http.Request) {
	sc, err := tenant.FromContext(r.Context())
	if err != nil {
		http.Error(w, "sign in first", http.StatusUnauthorized)
		return
	}
	buf := new(bytes.Buffer)
	buf.Write([]byte(sc.Tenant() + "/" + sc.Env().String() + "/"))
	buf.WriteString(r.PathValue("user"))
	pic := l.rdb.Get(r.Context(), string(buf.Bytes()))
	_, _ = w.Write([]byte(pic.Val()))
}
