package command

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
)

// nogoName is the name of the analyzer in the config of nogo.
const nogoName = "tenantvet"

// withoutFlag is the flag of the analyzer that people set.
const withoutFlag = "without"

// nogo carries out "tenantvet nogo": it writes the policy into the config of Bazel's
// nogo, or checks that it is there as it is.
func (c *Cmd) nogo(args []string) (int, error) {
	set := flag.NewFlagSet("tenantvet nogo", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	dirFlag := set.String("C", "", "")
	write := set.String("write", "", "")
	check := set.String("check", "", "")
	if err := set.Parse(args); err != nil {
		return 0, usageError{"nogo: " + err.Error()}
	}
	switch {
	case c.Suite.Flags == nil:
		return 0, usageError{"this build has nothing for nogo"}
	case set.NArg() > 0:
		return 0, usageError{"nogo looks at the policy of the module and takes no packages"}
	case *write != "" && *check != "":
		return 0, usageError{"nogo: -write and -check are done one at a time"}
	}
	dir, err := c.chdir(*dirFlag)
	if err != nil {
		return 0, err
	}
	flags, err := c.Suite.Flags(dir, c.getenv)
	if err != nil {
		return 0, err
	}
	shown := *write + *check
	name := shown
	if name != "" && !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	old, err := os.ReadFile(name)
	if name != "" && err != nil && (*check != "" || !errors.Is(err, fs.ErrNotExist)) {
		return 0, fmt.Errorf("the config of nogo: %w", err)
	}
	text, err := nogoConfig(old, flags)
	if err != nil {
		return 0, fmt.Errorf("%s: %w", shown, err)
	}
	switch {
	case *check != "" && !bytes.Equal(old, text):
		fmt.Fprintf(c.Stdout, "%s does not have the policy as it is: tenantvet nogo -write %s\n", shown, shown)
		return ExitFindings, nil
	case *check != "":
		return ExitClean, nil
	case *write != "":
		return ExitClean, os.WriteFile(name, text, 0o666)
	}
	_, err = c.Stdout.Write(text)
	return ExitClean, err
}

// nogoConfig returns the config of nogo with the flags in it; of old, which may be
// empty, it keeps the rest.
func nogoConfig(old []byte, flags map[string]string) ([]byte, error) {
	config, entry, kept := map[string]json.RawMessage{}, map[string]json.RawMessage{}, map[string]string{}
	if len(bytes.TrimSpace(old)) > 0 {
		if err := json.Unmarshal(old, &config); err != nil {
			return nil, fmt.Errorf("it is no config of nogo: %w", err)
		}
	}
	if err := unmarshal(config[nogoName], &entry); err != nil {
		return nil, err
	}
	if err := unmarshal(entry["analyzer_flags"], &kept); err != nil {
		return nil, err
	}
	all := maps.Clone(flags)
	if without, ok := kept[withoutFlag]; ok {
		all[withoutFlag] = without
	}
	var err error
	if entry["analyzer_flags"], err = marshal(all); err != nil {
		return nil, err
	}
	if config[nogoName], err = marshal(entry); err != nil {
		return nil, err
	}
	return marshal(config)
}

// unmarshal decodes a part of the entry for tenantvet, if it is there.
func unmarshal(text json.RawMessage, into any) error {
	if text == nil {
		return nil
	}
	if err := json.Unmarshal(text, into); err != nil {
		return fmt.Errorf("its entry for %s is none of nogo's: %w", nogoName, err)
	}
	return nil
}

// marshal encodes JSON for people to read.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	err := enc.Encode(v)
	return b.Bytes(), err
}
