package main

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// acceptHook begins an entry of the policy that names hooks.
const acceptHook = "[[accept.hook]]"

// repeatHooks says in the policy below root of the copies of a package what it says of
// the package's hooks: it names these, and they are looked at nowhere else. copies are
// the directories of the copies, by that of the package. undo makes the policy what it
// was, for when the copies are gone.
func repeatHooks(root string, copies map[string][]string) (undo func() error, err error) {
	name := filepath.Join(root, ".tenantvet.toml")
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, err
	}
	more := ""
	for _, entry := range strings.Split(string(text), "\n[[")[1:] {
		entry, _, _ = strings.Cut("[["+entry, "\n[") // another table
		if !strings.HasPrefix(entry, acceptHook) {
			continue
		}
		var dirs []string
		for dir := range copies {
			dirs = append(dirs, dir)
		}
		slices.Sort(dirs)
		for _, dir := range dirs {
			for _, to := range copies[dir] {
				if again := strings.ReplaceAll(entry, "./"+dir+".", "./"+to+"."); again != entry {
					more += "\n" + again + "\n"
				}
			}
		}
	}
	undo = func() error { return os.WriteFile(name, text, 0o644) }
	return undo, os.WriteFile(name, append(slices.Clip(text), more...), 0o644)
}
