package acctest

import (
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Prepared has the calls that Terraform makes for one object of a resource. The messages are made before, so that a measurement
// has what the provider does and nothing else. Each call fails the test if there is an error.
type Prepared struct {
	// The calls of a plan, in their order.
	Validate, Upgrade, Read, Plan func()
	// Apply applies what was planned when the calls were prepared.
	Apply func()
}

// Prepare prepares the calls for an instance and its configuration. Without a state, there are only the calls of a create.
func (p *Protocol) Prepare(at Instance, config Values) Prepared {
	p.t.Helper()
	typ := p.Schema.ResourceSchemas[at.Type].ValueType()
	configuration, state := p.dynamic(typ, config), p.dynamic(typ, at.State)
	raw, err := json.Marshal(at.State)
	if err != nil {
		p.t.Fatalf("encode a state: %v", err)
	}
	planned := p.plan(at, config)
	p.Must(planned.Diagnostics)
	proposed, identity := p.dynamic(typ, p.proposed(at, config)), p.identity(at)
	return Prepared{
		Validate: func() {
			resp, err := p.Server.ValidateResourceConfig(p.t.Context(), &tfprotov6.ValidateResourceConfigRequest{
				TypeName: at.Type, Config: configuration,
				ClientCapabilities: &tfprotov6.ValidateResourceConfigClientCapabilities{WriteOnlyAttributesAllowed: true},
			})
			p.done(err, resp.Diagnostics)
		},
		Upgrade: func() {
			resp, err := p.Server.UpgradeResourceState(p.t.Context(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: at.Type, RawState: &tfprotov6.RawState{JSON: raw}, Version: p.Schema.ResourceSchemas[at.Type].Version,
			})
			p.done(err, resp.Diagnostics)
		},
		Read: func() {
			resp, err := p.Server.ReadResource(p.t.Context(), &tfprotov6.ReadResourceRequest{
				TypeName: at.Type, CurrentState: state, CurrentIdentity: identity, Private: at.Private,
			})
			p.done(err, resp.Diagnostics)
		},
		Plan: func() {
			resp, err := p.Server.PlanResourceChange(p.t.Context(), &tfprotov6.PlanResourceChangeRequest{
				TypeName: at.Type, PriorState: state, Config: configuration, ProposedNewState: proposed,
				PriorPrivate: at.Private, PriorIdentity: identity,
			})
			p.done(err, resp.Diagnostics)
		},
		Apply: func() {
			resp, err := p.Server.ApplyResourceChange(p.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
				TypeName: at.Type, PriorState: state, Config: configuration,
				PlannedState: planned.PlannedState, PlannedPrivate: planned.PlannedPrivate, PlannedIdentity: planned.PlannedIdentity,
			})
			p.done(err, resp.Diagnostics)
		},
	}
}

func (p *Protocol) done(err error, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
	p.Must(diagnostics)
}
