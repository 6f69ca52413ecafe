package main

import (
	"bufio"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
)

// calls counts calls by kind: method and path, with {id} for identifiers.
type calls map[string]int64

var identifier = regexp.MustCompile(`[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}`)

func kindOf(method, path string) string {
	return method + " " + identifier.ReplaceAllLiteralString(path, "{id}")
}

func (c calls) total() int64 {
	var total int64
	for _, n := range c {
		total += n
	}
	return total
}

// String lists the kinds, the most frequent first.
func (c calls) String() string {
	kinds := slices.SortedFunc(maps.Keys(c), func(a, b string) int {
		if c[a] != c[b] {
			return int(c[b] - c[a])
		}
		return strings.Compare(a, b)
	})
	for i, kind := range kinds {
		kinds[i] = fmt.Sprintf("%d %#q", c[kind], kind)
	}
	return strings.Join(kinds, ", ")
}

// These match a response in the log of the provider's client, whose fields are in no order (see logCall in package provider).
var (
	logMethod = regexp.MustCompile(`response from the control plane: .*\bmethod=(\S+)`)
	logPath   = regexp.MustCompile(`response from the control plane: .*\bpath=(\S+)`)
)

// callsInLog counts the calls in a log of Terraform.
func callsInLog(log io.Reader) (calls, error) {
	counted := calls{}
	lines := bufio.NewScanner(log)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		method, path := logMethod.FindStringSubmatch(lines.Text()), logPath.FindStringSubmatch(lines.Text())
		if method != nil && path != nil {
			counted[kindOf(method[1], path[1])]++
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("count the calls: %w", err)
	}
	return counted, nil
}
