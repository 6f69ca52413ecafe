package provider_test

import (
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
	"unicode"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// hostile sets the title of a terminal, colors it, clears it and changes the direction of text.
const hostile = "\x1b]0;owned\a\u009b31m\x1b[2J\u202etxt\u200b"

// variants has one value for each text in a type: that text is hostile, and everything else is null.
func variants(typ tftypes.Type) map[string]tftypes.Value {
	found := map[string]tftypes.Value{}
	element := func(of tftypes.Type, wrap func(tftypes.Value) any) {
		for where, value := range variants(of) {
			found["[]"+where] = tftypes.NewValue(typ, wrap(value))
		}
	}
	switch of := typ.(type) {
	case tftypes.Object:
		for name, attribute := range of.AttributeTypes {
			for where, value := range variants(attribute) {
				members := map[string]tftypes.Value{}
				for other, otherType := range of.AttributeTypes {
					members[other] = tftypes.NewValue(otherType, nil)
				}
				members[name] = value
				found["."+name+where] = tftypes.NewValue(typ, members)
			}
		}
	case tftypes.List:
		element(of.ElementType, func(v tftypes.Value) any { return []tftypes.Value{v} })
	case tftypes.Set:
		element(of.ElementType, func(v tftypes.Value) any { return []tftypes.Value{v} })
	case tftypes.Map:
		element(of.ElementType, func(v tftypes.Value) any { return map[string]tftypes.Value{hostile: v} })
	default:
		if typ.Is(tftypes.String) {
			found[""] = tftypes.NewValue(typ, hostile)
		}
	}
	return found
}

// shown collects what Terraform would show.
type shown struct {
	t *testing.T
	// quoted has the attributes whose hostile value is shown, escaped.
	quoted map[string]bool
}

func (s *shown) text(where, text string) {
	s.t.Helper()
	if i := strings.IndexFunc(text, func(r rune) bool { return r != '\n' && r != '\t' && unicode.Is(unicode.C, r) }); i >= 0 {
		s.t.Errorf("%s: a terminal obeys %q", where, text)
	}
	if strings.Contains(text, `\x1b`) {
		s.quoted[where] = true
	}
}

func (s *shown) diagnostics(where string, all []*tfprotov6.Diagnostic) (failed bool) {
	s.t.Helper()
	for _, d := range all {
		s.text(where, d.Summary)
		s.text(where, d.Detail)
		failed = failed || d.Severity == tfprotov6.DiagnosticSeverityError
	}
	return failed
}

// steps are what Terraform calls with a value, one after the other, as long as nothing fails.
type steps []func(value *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error)

func (s *shown) run(what string, typ tftypes.Type, calls steps) {
	s.t.Helper()
	for where, value := range variants(typ) {
		dynamic, err := tfprotov6.NewDynamicValue(typ, value)
		if err != nil {
			s.t.Fatal(err)
		}
		for _, call := range calls {
			diagnostics, err := call(&dynamic)
			if err != nil {
				s.t.Fatalf("%s%s: %v", what, where, err)
			}
			if s.diagnostics(what+where, diagnostics) {
				break
			}
		}
	}
}

// Every text of every configuration is given to the provider, which may say about it whatever it likes.
func TestNoDiagnosticControlsTerminal(t *testing.T) {
	t.Parallel()
	p := acctest.New(t).Protocol()
	s := &shown{t: t, quoted: map[string]bool{}}
	s.provider()
	for name, schema := range p.Schema.ResourceSchemas {
		s.run("resource "+name, schema.ValueType(), resourceSteps(t.Context(), p, name))
		_, diagnostics := p.Import(name, hostile, nil)
		s.diagnostics("import "+name, diagnostics)
	}
	for name, schema := range p.Schema.DataSourceSchemas {
		s.run("data "+name, schema.ValueType(), dataSteps(t.Context(), p, name))
	}
	lists, _ := p.Server.(tfprotov6.ListResourceServer)
	for name, schema := range p.Schema.ListResourceSchemas {
		s.run("list "+name, schema.ValueType(), s.listSteps(t.Context(), lists, name))
	}
	actions, _ := p.Server.(tfprotov6.ActionServer)
	for name, schema := range p.Schema.ActionSchemas {
		s.run("action "+name, schema.Schema.ValueType(), s.actionSteps(t.Context(), actions, name))
	}
	for _, want := range []string{
		"provider.data_dir", "provider.request_timeout", "resource riva_user.display_name", "resource riva_sync_policy.interval",
		"resource riva_connection.timeouts.create", "import riva_connection", "data riva_connection.name",
		"data riva_sync_logs.since", "list riva_sync_policy.connection_id", "action riva_test_connection.connection_id",
	} {
		if !s.quoted[want] {
			t.Errorf("%s is not quoted, but only %q", want, slices.Sorted(maps.Keys(s.quoted)))
		}
	}
}

func (s *shown) provider() {
	open := func(_ context.Context, o provider.EmbeddedOptions) (provider.Embedded, error) {
		return nil, errors.New("cannot open " + o.DataDir + " with " + o.Keyset)
	}
	server := provider.New(acctest.Version, catalog.All(), open)()
	schema, err := server.GetProviderSchema(s.t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		s.t.Fatal(err)
	}
	s.run("provider", schema.Provider.ValueType(), steps{
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateProviderConfig(s.t.Context(), &tfprotov6.ValidateProviderConfigRequest{Config: v})
			return resp.Diagnostics, err
		},
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ConfigureProvider(s.t.Context(), &tfprotov6.ConfigureProviderRequest{Config: v})
			return resp.Diagnostics, err
		},
	})
}

func resourceSteps(ctx context.Context, p *acctest.Protocol, name string) steps {
	return steps{
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := p.Server.ValidateResourceConfig(ctx, &tfprotov6.ValidateResourceConfigRequest{
				TypeName: name, Config: v,
				ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
			})
			return resp.Diagnostics, err
		},
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			typ := p.Schema.ResourceSchemas[name].ValueType()
			none, err := tfprotov6.NewDynamicValue(typ, tftypes.NewValue(typ, nil))
			if err != nil {
				return nil, err
			}
			resp, err := p.Server.PlanResourceChange(ctx, &tfprotov6.PlanResourceChangeRequest{
				TypeName: name, Config: v, PriorState: &none, ProposedNewState: v,
			})
			return resp.Diagnostics, err
		},
	}
}

func dataSteps(ctx context.Context, p *acctest.Protocol, name string) steps {
	return steps{
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := p.Server.ValidateDataResourceConfig(ctx, &tfprotov6.ValidateDataResourceConfigRequest{
				TypeName: name, Config: v,
			})
			return resp.Diagnostics, err
		},
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := p.Server.ReadDataSource(ctx, &tfprotov6.ReadDataSourceRequest{TypeName: name, Config: v})
			return resp.Diagnostics, err
		},
	}
}

func (s *shown) listSteps(ctx context.Context, server tfprotov6.ListResourceServer, name string) steps {
	return steps{
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateListResourceConfig(ctx, &tfprotov6.ValidateListResourceConfigRequest{TypeName: name, Config: v})
			return resp.Diagnostics, err
		},
		func(v *tfprotov6.DynamicValue) (all []*tfprotov6.Diagnostic, err error) {
			stream, err := server.ListResource(ctx, &tfprotov6.ListResourceRequest{TypeName: name, Config: v})
			if err != nil {
				return nil, err
			}
			for result := range stream.Results {
				all = append(all, result.Diagnostics...)
			}
			return all, nil
		},
	}
}

func (s *shown) actionSteps(ctx context.Context, server tfprotov6.ActionServer, name string) steps {
	return steps{
		func(v *tfprotov6.DynamicValue) ([]*tfprotov6.Diagnostic, error) {
			resp, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: name, Config: v})
			return resp.Diagnostics, err
		},
		func(v *tfprotov6.DynamicValue) (all []*tfprotov6.Diagnostic, err error) {
			stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: name, Config: v})
			if err != nil {
				return nil, err
			}
			for event := range stream.Events {
				switch of := event.Type.(type) {
				case tfprotov6.ProgressInvokeActionEventType:
					s.text("action "+name, of.Message)
				case tfprotov6.CompletedInvokeActionEventType:
					all = append(all, of.Diagnostics...)
				}
			}
			return all, nil
		},
	}
}
