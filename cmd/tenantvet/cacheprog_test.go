package main

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log"
	"os"
	"path/filepath"
	"strings"
)

// cacheProgram is a GOCACHEPROG, the smallest that deserves the name: it keeps what the
// go command hands it in a directory, in the place of a server that machines share, and
// writes a line to a log for each thing that it is asked for. The protocol is that of
// cmd/go/internal/cacheprog. Its arguments are the directory and the log.
func cacheProgram() {
	logFile, err := os.OpenFile(os.Args[2], os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o666)
	if err != nil {
		log.Fatal(err)
	}
	c := &sharedCache{dir: os.Args[1], log: logFile}
	if err := c.serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

type sharedCache struct {
	dir string
	log io.Writer
}

type cacheRequest struct {
	ID                 int64
	Command            string
	ActionID, OutputID []byte
	BodySize           int64
}

type cacheResponse struct {
	ID            int64
	Err           string   `json:",omitempty"`
	KnownCommands []string `json:",omitempty"`
	Miss          bool     `json:",omitempty"`
	OutputID      []byte   `json:",omitempty"`
	Size          int64    `json:",omitempty"`
	DiskPath      string   `json:",omitempty"`
}

func (c *sharedCache) serve(in io.Reader, out io.Writer) error {
	dec, enc := json.NewDecoder(in), json.NewEncoder(out)
	if err := enc.Encode(cacheResponse{KnownCommands: []string{"get", "put", "close"}}); err != nil {
		return err
	}
	for {
		var req cacheRequest
		if err := dec.Decode(&req); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return err
		}
		var body string
		if req.BodySize > 0 {
			if err := dec.Decode(&body); err != nil {
				return err
			}
		}
		resp, err := c.answer(req, body)
		if err != nil {
			resp.Err = err.Error()
		}
		resp.ID = req.ID
		if err := enc.Encode(resp); err != nil || req.Command == "close" {
			return err
		}
	}
}

// answer carries out a request. An entry is a file named after its action, with the id
// of its output, beside the output.
func (c *sharedCache) answer(req cacheRequest, body string) (cacheResponse, error) {
	entry := filepath.Join(c.dir, "a-"+hex.EncodeToString(req.ActionID))
	output := func(id string) string { return filepath.Join(c.dir, "o-"+id) }
	switch req.Command {
	case "get":
		id, err := os.ReadFile(entry)
		if errors.Is(err, fs.ErrNotExist) {
			_, err := fmt.Fprintln(c.log, "miss")
			return cacheResponse{Miss: true}, err
		}
		if err != nil {
			return cacheResponse{}, err
		}
		info, err := os.Stat(output(string(id)))
		if err != nil {
			return cacheResponse{}, err
		}
		raw, err := hex.DecodeString(string(id))
		_, logged := fmt.Fprintln(c.log, "hit")
		return cacheResponse{OutputID: raw, Size: info.Size(), DiskPath: output(string(id))}, errors.Join(err, logged)
	case "put":
		id := hex.EncodeToString(req.OutputID)
		data, err := io.ReadAll(base64.NewDecoder(base64.StdEncoding, strings.NewReader(body)))
		if err == nil {
			err = errors.Join(os.WriteFile(output(id), data, 0o666), os.WriteFile(entry, []byte(id), 0o666))
		}
		_, logged := fmt.Fprintln(c.log, "put")
		return cacheResponse{DiskPath: output(id)}, errors.Join(err, logged)
	}
	return cacheResponse{}, nil
}
