package record

import (
	"fmt"
	"path/filepath"
	"runtime"
)

// EnvVar names the environment variable that moves the cache, or switches it off.
const EnvVar = "TENANTVET_CACHE"

// Dir returns the directory of the cache, given the environment: what EnvVar says,
// else tenantvet in the user's directory for caches. It is "" for no cache: EnvVar is
// "off", or there is no home.
func Dir(getenv func(string) string) (string, error) {
	switch dir := getenv(EnvVar); {
	case dir == "off":
		return "", nil
	case dir != "" && !filepath.IsAbs(dir):
		return "", fmt.Errorf("%s=%s: want an absolute path, or off", EnvVar, dir)
	case dir != "":
		return dir, nil
	}
	base := UserCacheDir(getenv)
	if base == "" {
		return "", nil
	}
	return filepath.Join(base, "tenantvet"), nil
}

// UserCacheDir is [os.UserCacheDir] for a given environment, "" if there is none.
func UserCacheDir(getenv func(string) string) string {
	switch runtime.GOOS {
	case "windows":
		return getenv("LocalAppData")
	case "darwin", "ios":
		if home := getenv("HOME"); home != "" {
			return filepath.Join(home, "Library", "Caches")
		}
		return ""
	}
	if dir := getenv("XDG_CACHE_HOME"); filepath.IsAbs(dir) {
		return dir
	}
	if home := getenv("HOME"); home != "" {
		return filepath.Join(home, ".cache")
	}
	return ""
}
