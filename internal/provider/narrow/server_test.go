package narrow_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/narrow"
)

// fake records the calls. Its methods that are not used are those of a nil provider.
type fake struct {
	narrow.Provider

	name  string
	calls *[]string
	fails bool
}

func (f fake) record(call string) { *f.calls = append(*f.calls, f.name+" "+call) }

func (f fake) ConfigureProvider(
	context.Context, *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	f.record("configure")
	if f.fails {
		return nil, errors.New("not now")
	}
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (f fake) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	f.record("stop")
	return &tfprotov6.StopProviderResponse{}, nil
}

func (f fake) ReadResource(_ context.Context, req *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	f.record("read")
	return &tfprotov6.ReadResourceResponse{NewState: req.CurrentState}, nil
}

// server is a server with the blocks one, two and three, and the calls that reach the whole server and its parts.
func server(partFails bool) (narrow.Provider, *[]string) {
	calls := new([]string)
	return narrow.Server(fake{name: "whole", calls: calls}, narrow.Resource{
		Type: "example", Blocks: []string{"one", "two", "three"},
		Part: func(blocks []string) tfprotov6.ProviderServer {
			return fake{name: "part " + strings.Join(blocks, "+"), calls: calls, fails: partFails}
		},
	}), calls
}

// state is a state with values in some of the blocks.
func state(t *testing.T, blocks ...string) *tfprotov6.DynamicValue {
	t.Helper()
	block := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"value": tftypes.String}}
	typ := tftypes.Object{AttributeTypes: map[string]tftypes.Type{
		"name": tftypes.String, "one": block, "two": block, "three": block,
	}}
	members := map[string]tftypes.Value{"name": tftypes.NewValue(tftypes.String, "Example")}
	for _, name := range []string{"one", "two", "three"} {
		members[name] = tftypes.NewValue(block, nil)
		if slices.Contains(blocks, name) {
			members[name] = tftypes.NewValue(block, map[string]tftypes.Value{"value": tftypes.NewValue(tftypes.String, name)})
		}
	}
	value, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, members))
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

func read(t *testing.T, s narrow.Provider, resourceType string, state *tfprotov6.DynamicValue) {
	t.Helper()
	resp, err := s.ReadResource(t.Context(), &tfprotov6.ReadResourceRequest{TypeName: resourceType, CurrentState: state})
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(resp.NewState.MsgPack, state.MsgPack) {
		t.Errorf("the state is %q, want %q", resp.NewState.MsgPack, state.MsgPack)
	}
}

func expectCalls(t *testing.T, calls *[]string, want ...string) {
	t.Helper()
	if !slices.Equal(*calls, want) {
		t.Errorf("the calls are %q, want %q", *calls, want)
	}
}

func TestCallGoesToThePartWithItsBlocks(t *testing.T) {
	t.Parallel()
	s, calls := server(false)
	if _, err := s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	for _, blocks := range [][]string{{"two"}, {"two"}, {"three", "one"}, {}} {
		read(t, s, "example", state(t, blocks...))
	}
	if _, err := s.StopProvider(t.Context(), &tfprotov6.StopProviderRequest{}); err != nil {
		t.Fatal(err)
	}
	stops := (*calls)[8:]
	slices.Sort(stops)
	expectCalls(t, calls, "whole configure", "part two configure", "part two read", "part two read",
		"part one+three configure", "part one+three read", "part  configure", "part  read",
		"part  stop", "part one+three stop", "part two stop", "whole stop")
}

func TestOtherCallsGoToTheWholeServer(t *testing.T) {
	t.Parallel()
	s, calls := server(false)
	read(t, s, "other", state(t, "one"))
	read(t, s, "example", &tfprotov6.DynamicValue{JSON: []byte(`{"name":"Example","one":{"value":"one"}}`)})
	read(t, s, "example", &tfprotov6.DynamicValue{MsgPack: []byte{0x81, 0xa3, 'o', 'n'}})
	expectCalls(t, calls, "whole read", "whole read", "whole read")
}

func TestPartThatCannotBeConfiguredIsNotUsed(t *testing.T) {
	t.Parallel()
	s, calls := server(true)
	_, _ = s.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{})
	read(t, s, "example", state(t, "one"))
	expectCalls(t, calls, "whole configure", "part one configure", "whole read")
}
