// Package each makes lists of lists.
package each

// Map returns what make makes of each element.
func Map[T, S any](list []T, make func(T) S) []S {
	var out []S
	for _, elem := range list {
		out = append(out, make(elem))
	}
	return out
}

// MapErr is Map with functions that may fail.
func MapErr[T, S any](list []T, by func(T) (S, error)) ([]S, error) {
	out := make([]S, len(list))
	for i, elem := range list {
		made, err := by(elem)
		if err != nil {
			return nil, err
		}
		out[i] = made
	}
	return out, nil
}
