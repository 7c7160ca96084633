package main

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
)

type command struct {
	Id   int    `json:"id"`
	Op   string `json:"op"`
	From string `json:"from"`
	To   string `json:"to"`
	// Both says that the way back gets the same settings.
	Both bool    `json:"both"`
	Set  changes `json:"set"`
	// Forge asks for packets from a host that never sent them.
	Forge forgery `json:"forge"`
	err   error
}

type answer struct {
	Id    int    `json:"id"`
	Error string `json:"error,omitempty"`
	Stats *stats `json:"stats,omitempty"`
}

type stats struct {
	Links []linkStats `json:"links"`
	// Unroutable packets went to an address that no host of the lab has.
	Unroutable uint64 `json:"unroutable"`
}

// readCommands closes the channel at the end of the input: whoever held the other end is gone.
func readCommands(input io.Reader, commands chan<- command) {
	defer close(commands)
	lines := bufio.NewScanner(input)
	for lines.Scan() {
		var next command
		decoder := json.NewDecoder(bytes.NewReader(lines.Bytes()))
		decoder.DisallowUnknownFields()
		next.err = decoder.Decode(&next)
		commands <- next
	}
}

func (net *network) obey(next command) answer {
	result := answer{Id: next.Id}
	if err := net.try(next, &result); err != nil {
		result.Error = err.Error()
	}
	return result
}

func (net *network) try(next command, result *answer) error {
	if next.err != nil {
		return next.err
	}
	switch next.Op {
	case "link":
		there, back := net.link(next.From, next.To), net.link(next.To, next.From)
		if there == nil || back == nil {
			return fmt.Errorf("there is no link between %q and %q", next.From, next.To)
		}
		if err := next.Set.check(); err != nil {
			return err
		}
		there.change(next.Set)
		if next.Both {
			back.change(next.Set)
		}
		return nil
	case "forge":
		return net.forge(next.From, next.To, next.Forge)
	case "stats":
		result.Stats = net.stats()
		return nil
	default:
		return fmt.Errorf("there is no command %q", next.Op)
	}
}
