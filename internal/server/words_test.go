package server_test

import (
	"slices"
	"testing"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// The client cannot ask package target: it imports no other room of the control plane.
func TestClientKnowsAllFaultCodes(t *testing.T) {
	t.Parallel()
	var want []string
	for _, code := range target.Codes() {
		want = append(want, string(code))
	}
	if !slices.Equal(api.FaultCodes, want) {
		t.Errorf("package api has the codes %q, package target %q", api.FaultCodes, want)
	}
}

// The client cuts longer texts, and longer lists.
func TestClientCutsNoHelp(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		for code, help := range system.Help {
			if len(help) > 20 {
				t.Errorf("%s, %s: %d help steps", system.Name, code, len(help))
			}
			for _, step := range help {
				if n := utf8.RuneCountInString(step); n > 500 {
					t.Errorf("%s, %s: a help step has %d characters: %s", system.Name, code, n, step)
				}
			}
		}
	}
}
