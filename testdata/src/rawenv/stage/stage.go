// Package stage knows the environments of an older service.
package stage

import "errors"

// A Stage is an environment.
type Stage string

// The environments.
const (
	Sandbox Stage = "sandbox"
	Live    Stage = "live"
)

// Parse returns the environment of that name.
//
// case: rawenv/type-package clean
func Parse(name string) (Stage, error) {
	for _, s := range []Stage{Sandbox, Live} {
		if string(s) == name {
			return s, nil
		}
	}
	if s := Stage(name); s == "production" {
		return Live, nil
	}
	return "", errors.New("no such stage")
}
