package provider

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	p6 "github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/connection"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// twoServers are the provider with and without narrowed calls, each with its own control plane.
type twoServers struct {
	t *testing.T
	// servers have the narrowed one first.
	servers [2]p6.ProviderServer
	typ     tftypes.Object
}

func newTwoServers(t *testing.T) *twoServers {
	t.Helper()
	dir := t.TempDir()
	where := map[string]any{"data_dir": filepath.Join(dir, "data"), "keyset": filepath.Join(dir, "keyset.json")}
	two := &twoServers{t: t}
	p := &rivaProvider{version: "0.0.0-test", systems: catalog.All(), blocks: connection.Blocks(catalog.All()), open: opener(t)}
	whole := *p
	two.servers = [2]p6.ProviderServer{p.narrowed(), providerserver.NewProtocol6(&whole)()}
	for _, server := range two.servers {
		schema, err := server.GetProviderSchema(t.Context(), &p6.GetProviderSchemaRequest{})
		if err != nil {
			t.Fatal(err)
		}
		two.typ, _ = schema.ResourceSchemas["riva_connection"].ValueType().(tftypes.Object)
		settings, _ := schema.Provider.ValueType().(tftypes.Object)
		configured, err := server.ConfigureProvider(t.Context(), &p6.ConfigureProviderRequest{Config: dynamic(t, settings, where)})
		if err != nil || len(configured.Diagnostics) > 0 {
			t.Fatal(configured, err)
		}
	}
	return two
}

// opener opens a control plane, and creates it.
func opener(t *testing.T) OpenEmbedded {
	t.Helper()
	return func(ctx context.Context, o EmbeddedOptions) (Embedded, error) {
		plane, err := embedded.OpenLazy(ctx, embedded.Options{
			DataDir: o.DataDir, Keyset: o.Keyset, Version: o.Version, Systems: o.Systems,
		})
		if err != nil {
			return nil, err
		}
		t.Cleanup(func() { _ = plane.Close() })
		_, _, err = plane.Make(ctx)
		return plane, err
	}
}

// dynamic is a value of an object; nil is null. Absent attributes are null.
func dynamic(t *testing.T, typ tftypes.Object, values map[string]any) *p6.DynamicValue {
	t.Helper()
	value := tftypes.NewValue(typ, nil)
	if values != nil {
		value = tftypes.NewValue(typ, members(typ, values))
	}
	encoded, err := p6.NewDynamicValue(typ, value)
	if err != nil {
		t.Fatal(err)
	}
	return &encoded
}

func members(typ tftypes.Object, values map[string]any) map[string]tftypes.Value {
	all := map[string]tftypes.Value{}
	for name, attribute := range typ.AttributeTypes {
		nested, isObject := attribute.(tftypes.Object)
		of, hasMembers := values[name].(map[string]any)
		switch {
		case values[name] == unknown:
			all[name] = tftypes.NewValue(attribute, tftypes.UnknownValue)
		case isObject && hasMembers:
			all[name] = tftypes.NewValue(attribute, members(nested, of))
		default:
			all[name] = tftypes.NewValue(attribute, values[name])
		}
	}
	return all
}

// unknown is a value that is not known yet.
const unknown = "(unknown)"

// same makes the same call to both servers and compares the responses.
func same[Request, Response any](
	two *twoServers, what string, method func(p6.ProviderServer, context.Context, *Request) (*Response, error), reqs [2]*Request,
) [2]*Response {
	two.t.Helper()
	var resps [2]*Response
	var texts [2]string
	for i, server := range two.servers {
		resp, err := method(server, two.t.Context(), reqs[i])
		if err != nil {
			two.t.Fatalf("%s: %v", what, err)
		}
		resps[i] = resp
		texts[i] = text(two.t, resp)
	}
	if texts[0] != texts[1] {
		two.t.Errorf("%s: the narrowed call returns %s\nbut the whole one %s", what, texts[0], texts[1])
	}
	return resps
}

// text shows a response. The framework validates attributes in any order.
func text(t *testing.T, resp any) string {
	t.Helper()
	diagnostics, _ := reflect.TypeAssert[[]*p6.Diagnostic](reflect.ValueOf(resp).Elem().FieldByName("Diagnostics"))
	slices.SortFunc(diagnostics, func(a, b *p6.Diagnostic) int { return strings.Compare(a.Detail, b.Detail) })
	var paths strings.Builder
	for _, d := range diagnostics {
		fmt.Fprintln(&paths, d.Attribute)
	}
	text, err := json.MarshalIndent(resp, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(text) + paths.String()
}

func both[T any](value T) [2]*T { return [2]*T{&value, &value} }

// configurations are those of one target system: with all settings, and with each value in turn missing, unknown or invalid.
func configurations(system string, fields []string) map[string]map[string]any {
	block := map[string]any{}
	for _, field := range fields {
		block[field] = "https://example.com/" + field
	}
	whole := map[string]any{"name": "Mail", "verify_credentials": false, system: block}
	all := map[string]map[string]any{"whole": whole, "empty": {"name": "Mail", system: map[string]any{}}}
	all["unknown block"] = map[string]any{"name": "Mail", system: unknown}
	all["unknown name"] = map[string]any{"name": unknown, system: block}
	all["timeout"] = map[string]any{"name": "Mail", system: block, "timeouts": map[string]any{"read": "soon"}}
	for _, field := range fields {
		for what, value := range map[string]any{"missing": nil, "unknown": unknown, "invalid": "\x00"} {
			changed := maps.Clone(block)
			changed[field] = value
			all[field+" "+what] = map[string]any{"name": "Mail", "deletion_policy": "abandon", system: changed}
		}
	}
	return all
}

func TestNarrowedCallsReturnTheSame(t *testing.T) {
	t.Parallel()
	for _, system := range catalog.All() {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			two := newTwoServers(t)
			block, _ := two.typ.AttributeTypes[system.Name].(tftypes.Object)
			for name, values := range configurations(system.Name, slices.Sorted(maps.Keys(block.AttributeTypes))) {
				config := dynamic(t, two.typ, values)
				same(two, "validate "+name, p6.ProviderServer.ValidateResourceConfig, both(p6.ValidateResourceConfigRequest{
					TypeName: "riva_connection", Config: config,
					ClientCapabilities: &p6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
				}))
				same(two, "plan "+name, p6.ProviderServer.PlanResourceChange, both(p6.PlanResourceChangeRequest{
					TypeName: "riva_connection", Config: config, PriorState: dynamic(t, two.typ, nil), ProposedNewState: config,
				}))
			}
		})
	}
}

// state is a state of a connection that the control plane does not have.
func state(system *target.System) map[string]any {
	return map[string]any{
		"id": "0f8fad5b-d9cb-469f-a165-70867728950e", "name": "Mail", "system": system.Name, "kind": string(system.Kind),
		"verify_credentials": true, "deletion_policy": "delete", system.Name: map[string]any{},
	}
}

func TestNarrowedStatesReturnTheSame(t *testing.T) {
	t.Parallel()
	all := catalog.All()
	for i, system := range all {
		t.Run(system.Name, func(t *testing.T) {
			t.Parallel()
			two := newTwoServers(t)
			raw, err := json.Marshal(state(system))
			if err != nil {
				t.Fatal(err)
			}
			same(two, "upgrade", p6.ProviderServer.UpgradeResourceState, both(p6.UpgradeResourceStateRequest{
				TypeName: "riva_connection", RawState: &p6.RawState{JSON: raw},
			}))
			prior := dynamic(t, two.typ, state(system))
			same(two, "read", p6.ProviderServer.ReadResource, both(p6.ReadResourceRequest{
				TypeName: "riva_connection", CurrentState: prior,
			}))
			for what, values := range map[string]map[string]any{
				"plan another system":  {"name": "Mail", all[(i+1)%len(all)].Name: map[string]any{}},
				"plan two systems":     {"name": "Mail", system.Name: map[string]any{}, all[(i+1)%len(all)].Name: map[string]any{}},
				"plan no system":       {"name": "Mail"},
				"plan a rename":        {"name": "Email", system.Name: map[string]any{}},
				"plan the destruction": nil,
			} {
				config := dynamic(t, two.typ, values)
				same(two, what, p6.ProviderServer.PlanResourceChange, both(p6.PlanResourceChangeRequest{
					TypeName: "riva_connection", Config: config, PriorState: prior, ProposedNewState: config,
				}))
			}
		})
	}
}

// mail is a configuration of a connection.
func mail(name, password string) map[string]any {
	return map[string]any{"name": name, "verify_credentials": false, "exchange": map[string]any{
		"ews_url": "https://mail.example.com/EWS/Exchange.asmx", "username": "riva@example.com", "password_wo": password,
	}}
}

func TestNarrowedConnectionIsTheSame(t *testing.T) {
	t.Parallel()
	two := newTwoServers(t)
	config, null := dynamic(t, two.typ, mail("Mail", "first")), dynamic(t, two.typ, nil)
	planned := same(two, "plan the create", p6.ProviderServer.PlanResourceChange, both(p6.PlanResourceChangeRequest{
		TypeName: "riva_connection", Config: config, PriorState: null, ProposedNewState: config,
	}))
	applied, err := two.servers[0].ApplyResourceChange(t.Context(), &p6.ApplyResourceChangeRequest{
		TypeName: "riva_connection", Config: config, PriorState: null,
		PlannedState: planned[0].PlannedState, PlannedPrivate: planned[0].PlannedPrivate, PlannedIdentity: planned[0].PlannedIdentity,
	})
	if err != nil || len(applied.Diagnostics) > 0 {
		t.Fatal(applied, err)
	}
	read := same(two, "read", p6.ProviderServer.ReadResource, both(p6.ReadResourceRequest{
		TypeName: "riva_connection", CurrentState: applied.NewState, Private: applied.Private, CurrentIdentity: applied.NewIdentity,
	}))
	if !bytes.Equal(read[0].NewState.MsgPack, applied.NewState.MsgPack) {
		t.Errorf("the state after the create is %q, but %q after a read", applied.NewState.MsgPack, read[0].NewState.MsgPack)
	}
	for what, values := range map[string]map[string]any{
		"plan no change": mail("Mail", "first"), "plan a rename": mail("Email", "first"), "plan a rotation": mail("Mail", "second"),
	} {
		values["deletion_policy"] = "delete"
		config := dynamic(t, two.typ, values)
		same(two, what, p6.ProviderServer.PlanResourceChange, both(p6.PlanResourceChangeRequest{
			TypeName: "riva_connection", Config: config, PriorState: read[0].NewState, ProposedNewState: config,
			PriorPrivate: read[0].Private, PriorIdentity: read[0].NewIdentity,
		}))
	}
}
