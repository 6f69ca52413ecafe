package acctest

import (
	"encoding/json"
	"math/big"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
)

// Protocol calls the provider like the newest Terraform, whatever Terraform is installed: for features that older ones and
// OpenTofu do not have, such as identities, lists and actions, and for the exact responses of the provider.
type Protocol struct {
	Server tfprotov6.ProviderServer
	Schema *tfprotov6.GetProviderSchemaResponse

	t          testing.TB
	identities map[string]*tfprotov6.ResourceIdentitySchema
}

// Values are the attributes of a configuration, a state or an identity. Absent ones are null.
type Values map[string]any

// Protocol starts the provider and configures it for the control plane of the environment.
func (env *Environment) Protocol() *Protocol {
	env.t.Helper()
	server := provider.New(Version, env.Systems, env.Open)()
	p := &Protocol{Server: server, t: env.t}
	var err error
	if p.Schema, err = server.GetProviderSchema(env.t.Context(), &tfprotov6.GetProviderSchemaRequest{}); err != nil {
		env.t.Fatalf("get the schema: %v", err)
	}
	p.Must(p.Schema.Diagnostics)
	identities, err := server.GetResourceIdentitySchemas(env.t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		env.t.Fatalf("get the schemas of identities: %v", err)
	}
	p.Must(identities.Diagnostics)
	p.identities = identities.IdentitySchemas
	where := Values{"data_dir": env.DataDir, "keyset": env.Keyset}
	if env.Endpoint != "" {
		where = Values{"endpoint": env.Endpoint, "token": "static"}
	}
	configured, err := server.ConfigureProvider(env.t.Context(), &tfprotov6.ConfigureProviderRequest{
		TerraformVersion: "1.14.0", Config: p.dynamic(p.Schema.Provider.ValueType(), where),
	})
	if err != nil {
		env.t.Fatalf("configure the provider: %v", err)
	}
	p.Must(configured.Diagnostics)
	return p
}

// In is the same provider for a subtest.
func (p *Protocol) In(t *testing.T) *Protocol {
	t.Helper()
	of := *p
	of.t = t
	return &of
}

// Must fails the test if there are errors.
func (p *Protocol) Must(diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			p.t.Fatalf("%s: %s", d.Summary, d.Detail)
		}
	}
}

// dynamic creates a value of the type. Nil is null.
func (p *Protocol) dynamic(typ tftypes.Type, values Values) *tfprotov6.DynamicValue {
	p.t.Helper()
	value := tftypes.NewValue(typ, nil)
	if values != nil {
		raw, err := json.Marshal(values)
		if err == nil {
			value, err = (&tfprotov6.RawState{JSON: raw}).Unmarshal(typ)
		}
		if err != nil {
			p.t.Fatalf("make a value: %v", err)
		}
	}
	dynamic, err := tfprotov6.NewDynamicValue(typ, value)
	if err != nil {
		p.t.Fatalf("make a value: %v", err)
	}
	return &dynamic
}

// values are the attributes of a value, and nil for null.
func (p *Protocol) values(typ tftypes.Type, dynamic *tfprotov6.DynamicValue) Values {
	p.t.Helper()
	if dynamic == nil {
		return nil
	}
	value, err := dynamic.Unmarshal(typ)
	if err != nil {
		p.t.Fatalf("read a value: %v", err)
	}
	object, _ := p.plain(value).(map[string]any)
	return object
}

// plain converts a value to the types of encoding/json. An unknown value is the text "(unknown)".
func (p *Protocol) plain(value tftypes.Value) any {
	p.t.Helper()
	var err error
	var plain any
	switch typ := value.Type(); {
	case value.IsNull():
	case !value.IsKnown():
		plain = "(unknown)"
	case typ.Is(tftypes.String):
		var text string
		err = value.As(&text)
		plain = text
	case typ.Is(tftypes.Bool):
		var truth bool
		err = value.As(&truth)
		plain = truth
	case typ.Is(tftypes.Number):
		var number big.Float
		err = value.As(&number)
		plain, _ = number.Float64()
	case typ.Is(tftypes.Object{}), typ.Is(tftypes.Map{}):
		var members map[string]tftypes.Value
		err = value.As(&members)
		object := map[string]any{}
		for name, member := range members {
			object[name] = p.plain(member)
		}
		plain = object
	default:
		var elements []tftypes.Value
		err = value.As(&elements)
		list := make([]any, 0, len(elements))
		for _, element := range elements {
			list = append(list, p.plain(element))
		}
		plain = list
	}
	if err != nil {
		p.t.Fatalf("read a value: %v", err)
	}
	return plain
}
