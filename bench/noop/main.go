// Noop is a vet tool that does nothing: the floor below which no vet tool can
// get, since go vet starts it once for each package.
package main

import (
	"encoding/json"
	"fmt"
	"os"
)

func main() {
	if len(os.Args) < 2 {
		os.Exit(2)
	}
	switch arg := os.Args[len(os.Args)-1]; arg {
	case "-V=full":
		// The executable differs from run to run of the benchmark, and so
		// must the line, or go vet would not run it at all.
		name, err := os.Executable()
		if err != nil {
			os.Exit(1)
		}
		fmt.Printf("noop version v1 %s\n", name)
	case "-flags":
		fmt.Println(`[{"Name":"json","Bool":true,"Usage":""}]`)
	default:
		data, err := os.ReadFile(arg)
		if err != nil {
			os.Exit(1)
		}
		var cfg struct{ VetxOutput, Stdout string }
		if json.Unmarshal(data, &cfg) != nil {
			os.Exit(1)
		}
		for _, name := range []string{cfg.VetxOutput, cfg.Stdout} {
			if name != "" && os.WriteFile(name, nil, 0o666) != nil {
				os.Exit(1)
			}
		}
	}
}
