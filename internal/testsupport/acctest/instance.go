package acctest

import (
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Instance is one object of a resource, as Terraform stores it.
type Instance struct {
	Type  string
	State Values
	// Identity is nil with a Terraform that is older than identities.
	Identity Values
	Private  []byte
}

// ID is the id of the object. It is empty without a state.
func (i Instance) ID() string {
	id, _ := i.State["id"].(string)
	return id
}

// Upgrade reads an object from a state that a provider wrote with some version of the schema.
func (p *Protocol) Upgrade(
	resourceType string, version int64, attributes []byte,
) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	state, err := p.Server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{
		TypeName: resourceType, Version: version, RawState: &tfprotov6.RawState{JSON: attributes},
	})
	if err != nil {
		p.t.Fatalf("upgrade a state: %v", err)
	}
	if failed(state.Diagnostics) {
		return Instance{}, state.Diagnostics
	}
	return p.instance(resourceType, state.UpgradedState, nil, nil), state.Diagnostics
}

// Plan plans a configuration and returns the planned state.
func (p *Protocol) Plan(at Instance, config Values) (Values, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	planned := p.plan(at, config)
	return p.values(p.Schema.ResourceSchemas[at.Type].ValueType(), planned.PlannedState), planned.Diagnostics
}

func (p *Protocol) plan(at Instance, config Values) *tfprotov6.PlanResourceChangeResponse {
	p.t.Helper()
	typ := p.Schema.ResourceSchemas[at.Type].ValueType()
	planned, err := p.Server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: at.Type, PriorState: p.dynamic(typ, at.State), Config: p.dynamic(typ, config),
		ProposedNewState: p.dynamic(typ, p.proposed(at, config)), PriorPrivate: at.Private, PriorIdentity: p.identity(at),
	})
	if err != nil {
		p.t.Fatalf("plan: %v", err)
	}
	return planned
}

// Create creates an object, which must succeed.
func (p *Protocol) Create(resourceType string, config Values) Instance {
	p.t.Helper()
	created, diagnostics := p.Apply(Instance{Type: resourceType}, config)
	p.Must(diagnostics)
	return created
}

// Apply plans and applies a configuration: a create if the instance has no state, else an update. It returns the diagnostics
// of both. After an error of the plan the instance is as it was; after an error of the apply it is what the provider returned.
func (p *Protocol) Apply(at Instance, config Values) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.Schema.ResourceSchemas[at.Type].ValueType()
	planned := p.plan(at, config)
	if failed(planned.Diagnostics) {
		return at, planned.Diagnostics
	}
	applied, err := p.Server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: at.Type, PriorState: p.dynamic(typ, at.State), Config: p.dynamic(typ, config),
		PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
	})
	if err != nil {
		p.t.Fatalf("apply: %v", err)
	}
	diagnostics := slices.Concat(planned.Diagnostics, applied.Diagnostics)
	return p.instance(at.Type, applied.NewState, applied.NewIdentity, applied.Private), diagnostics
}

// Destroy destroys an object without a plan. After an error the instance is what the provider returned.
func (p *Protocol) Destroy(at Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	typ := p.Schema.ResourceSchemas[at.Type].ValueType()
	applied, err := p.Server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: at.Type, PriorState: p.dynamic(typ, at.State), Config: p.dynamic(typ, nil), PlannedState: p.dynamic(typ, nil),
		PlannedPrivate: at.Private, PlannedIdentity: p.identity(at),
	})
	if err != nil {
		p.t.Fatalf("destroy: %v", err)
	}
	return p.instance(at.Type, applied.NewState, applied.NewIdentity, applied.Private), applied.Diagnostics
}

// proposed is the new state that Terraform proposes: the configuration, and the prior state of computed attributes without a
// value in it.
func (p *Protocol) proposed(at Instance, config Values) Values {
	proposed := Values{}
	schema := p.Schema.ResourceSchemas[at.Type].Block
	for _, block := range schema.BlockTypes {
		proposed[block.TypeName] = config[block.TypeName]
	}
	for _, attribute := range schema.Attributes {
		proposed[attribute.Name] = config[attribute.Name]
		if attribute.Computed && config[attribute.Name] == nil {
			proposed[attribute.Name] = at.State[attribute.Name]
		}
	}
	return proposed
}

// Read refreshes an instance. A deleted one has no state.
func (p *Protocol) Read(at Instance) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	read, err := p.Server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: at.Type, CurrentState: p.dynamic(p.Schema.ResourceSchemas[at.Type].ValueType(), at.State),
		CurrentIdentity: p.identity(at), Private: at.Private,
	})
	if err != nil {
		p.t.Fatalf("read: %v", err)
	}
	if failed(read.Diagnostics) {
		return at, read.Diagnostics
	}
	return p.instance(at.Type, read.NewState, read.NewIdentity, read.Private), read.Diagnostics
}

// Import imports by id, or by an identity if there is one, and reads what was imported.
func (p *Protocol) Import(resourceType, id string, identity Values) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	imported, diagnostics := p.ImportOnly(resourceType, id, identity)
	if failed(diagnostics) {
		return imported, diagnostics
	}
	return p.Read(imported)
}

// ImportOnly is Import without the read that Terraform adds.
func (p *Protocol) ImportOnly(resourceType, id string, identity Values) (Instance, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	imported, err := p.Server.ImportResourceState(p.t.Context(), &tfprotov6.ImportResourceStateRequest{
		TypeName: resourceType, ID: id, Identity: p.identity(Instance{Type: resourceType, Identity: identity}),
	})
	if err != nil {
		p.t.Fatalf("import: %v", err)
	}
	if failed(imported.Diagnostics) {
		return Instance{}, imported.Diagnostics
	}
	if n := len(imported.ImportedResources); n != 1 {
		p.t.Fatalf("%d resources were imported, want one", n)
	}
	one := imported.ImportedResources[0]
	return p.instance(resourceType, one.State, one.Identity, one.Private), imported.Diagnostics
}

func (p *Protocol) identity(of Instance) *tfprotov6.ResourceIdentityData {
	p.t.Helper()
	if of.Identity == nil {
		return nil
	}
	typ := p.identities[of.Type].ValueType()
	return &tfprotov6.ResourceIdentityData{IdentityData: p.dynamic(typ, of.Identity)}
}

func (p *Protocol) instance(
	resourceType string, state *tfprotov6.DynamicValue, identity *tfprotov6.ResourceIdentityData, private []byte,
) Instance {
	p.t.Helper()
	i := Instance{
		Type: resourceType, State: p.values(p.Schema.ResourceSchemas[resourceType].ValueType(), state), Private: private,
	}
	if identity != nil {
		i.Identity = p.values(p.identities[resourceType].ValueType(), identity.IdentityData)
	}
	return i
}

// failed reports whether there is an error among the diagnostics.
func failed(diagnostics []*tfprotov6.Diagnostic) bool {
	return slices.ContainsFunc(diagnostics, func(d *tfprotov6.Diagnostic) bool {
		return d.Severity == tfprotov6.DiagnosticSeverityError
	})
}
