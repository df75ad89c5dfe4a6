//go:build unix

package isolation

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver
	"github.com/redis/go-redis/v9"
)

// lacking ends the test without a server: as a failure where the environment
// says that servers have to be there.
func lacking(t *testing.T, what, debian string) {
	t.Helper()
	const required = "require"
	text := what + " is not installed; on Debian, install " + debian
	if os.Getenv("TENANTVET_E2E") == required {
		t.Fatal(text + " (TENANTVET_E2E is " + required + ")")
	}
	t.Skip(text)
}

// find returns the path of a program, which Debian keeps away from PATH for
// PostgreSQL.
func find(name string) string {
	if path, err := exec.LookPath(name); err == nil {
		// Its neighbours are where it really is.
		if real, err := filepath.EvalSymlinks(path); err == nil {
			return real
		}
	}
	paths, _ := filepath.Glob("/usr/lib/postgresql/*/bin/" + name) // the pattern is a good one
	version := func(path string) int {
		n, _ := strconv.Atoi(strings.Split(path, "/")[4]) // 0 for what is no number
		return n
	}
	slices.SortFunc(paths, func(a, b string) int { return version(b) - version(a) })
	if len(paths) == 0 {
		return ""
	}
	return paths[0]
}

// shortDir returns a new folder whose name is short enough for sockets in it.
func shortDir(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "tv")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// serve runs a server until the test ends, and shows what it said if the test
// failed. A shell stands between, which stops the server when its input ends: so
// it does if the test is killed.
func serve(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	const script = `"$@" </dev/null & server=$!; read -r _; kill -INT $server; wait $server`
	name := filepath.Base(cmd.Path)
	cmd.Args = append([]string{"sh", "-c", script, "sh", cmd.Path}, cmd.Args[1:]...)
	cmd.Path = "/bin/sh"
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	input, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := input.Close(); err != nil {
			t.Error(err)
		}
		_ = cmd.Wait() // with the status of a server that was interrupted
		if t.Failed() {
			t.Logf("%s:\n%s", name, said.String())
		}
	})
}

// eventually calls f until it returns no error.
func eventually(t *testing.T, what string, f func(ctx context.Context) error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 60*time.Second)
	defer cancel()
	for {
		err := f(ctx)
		if err == nil {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("%s does not come up: %v", what, err)
		case <-time.After(50 * time.Millisecond):
		}
	}
}

// postgres starts a server of its own and returns a pool of connections as a
// role that is no superuser.
func postgres(t *testing.T) *sql.DB {
	t.Helper()
	initdb := find("initdb")
	server := filepath.Join(filepath.Dir(initdb), "postgres")
	if _, err := os.Stat(server); initdb == "" || err != nil {
		lacking(t, "PostgreSQL", "postgresql")
	}
	dir := shortDir(t)
	// It refuses to run as root.
	var as *syscall.SysProcAttr
	if os.Getuid() == 0 {
		as = &syscall.SysProcAttr{Credential: credential(t)}
		if err := os.Chown(dir, int(as.Credential.Uid), int(as.Credential.Gid)); err != nil {
			t.Fatal(err)
		}
	}
	command := func(name string, args ...string) *exec.Cmd {
		cmd := exec.Command(name, args...)
		cmd.Dir = dir
		cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C"}
		cmd.SysProcAttr = as
		return cmd
	}
	data := filepath.Join(dir, "data")
	if out, err := command(initdb, "-D", data, "-U", "admin", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync").CombinedOutput(); err != nil {
		t.Fatalf("initdb: %v\n%s", err, out)
	}
	// No file is worth a sync, and no port is opened.
	serve(t, command(server, "-D", data, "-k", dir, "-c", "listen_addresses=", "-c", "fsync=off", "-c", "full_page_writes=off",
		"-c", "synchronous_commit=off", "-c", "shared_buffers=16MB", "-c", "max_connections=40"))

	open := func(role string) *sql.DB {
		db, err := sql.Open("pgx", "host="+dir+" user="+role+" dbname=postgres")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if err := db.Close(); err != nil {
				t.Error(err)
			}
		})
		return db
	}
	admin := open("admin")
	eventually(t, "PostgreSQL", admin.PingContext)
	for _, statement := range []string{`CREATE ROLE service LOGIN`, `GRANT CREATE ON SCHEMA public TO service`} {
		if _, err := admin.ExecContext(t.Context(), statement); err != nil {
			t.Fatal(err)
		}
	}
	db := open("service")
	db.SetMaxOpenConns(10)
	return db
}

// credential returns that of a user who may run PostgreSQL.
func credential(t *testing.T) *syscall.Credential {
	t.Helper()
	var errs []error
	for _, name := range []string{"postgres", "nobody"} {
		u, err := user.Lookup(name)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		uid, errUID := strconv.ParseUint(u.Uid, 10, 32)
		gid, errGID := strconv.ParseUint(u.Gid, 10, 32)
		if err := errors.Join(errUID, errGID); err != nil {
			t.Fatal(err)
		}
		return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
	}
	t.Fatal(errors.Join(errs...))
	return nil
}

// redisServer starts a server of its own and returns a client of it.
func redisServer(t *testing.T) *redis.Client {
	t.Helper()
	server, err := exec.LookPath("redis-server")
	if err != nil {
		lacking(t, "Redis", "redis-server")
	}
	dir := shortDir(t)
	socket := filepath.Join(dir, "redis.sock")
	cmd := exec.Command(server, "--port", "0", "--unixsocket", socket, "--dir", dir, "--save", "", "--appendonly", "no")
	cmd.Dir = dir
	serve(t, cmd)
	client := redis.NewClient(&redis.Options{Network: "unix", Addr: socket})
	t.Cleanup(func() {
		if err := client.Close(); err != nil {
			t.Error(err)
		}
	})
	eventually(t, "Redis", func(ctx context.Context) error { return client.Ping(ctx).Err() })
	return client
}
