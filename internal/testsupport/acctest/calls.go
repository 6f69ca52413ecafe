package acctest

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Listed is one result of a list resource.
type Listed struct {
	Name     string
	Identity Values
	// Resource is nil unless it was requested.
	Resource    Values
	Diagnostics []*tfprotov6.Diagnostic
}

// List queries a list resource. It returns the diagnostics of the validation; the results have those of the query.
func (p *Protocol) List(resourceType string, config Values, include bool, limit int64) ([]Listed, []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server, ok := p.Server.(tfprotov6.ListResourceServer)
	if !ok {
		p.t.Fatal("the provider does not support queries")
	}
	schema, ok := p.Schema.ListResourceSchemas[resourceType]
	if !ok {
		p.t.Fatalf("the provider has no list resource %s", resourceType)
	}
	if config == nil {
		config = Values{}
	}
	query := p.dynamic(schema.ValueType(), config)
	valid, err := server.ValidateListResourceConfig(p.t.Context(), &tfprotov6.ValidateListResourceConfigRequest{
		TypeName: resourceType, Config: query,
	})
	if err != nil {
		p.t.Fatalf("validate a query: %v", err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	stream, err := server.ListResource(p.t.Context(), &tfprotov6.ListResourceRequest{
		TypeName: resourceType, Config: query, IncludeResource: include, Limit: limit,
	})
	if err != nil {
		p.t.Fatalf("query: %v", err)
	}
	var all []Listed
	for result := range stream.Results {
		listed := p.instance(resourceType, result.Resource, result.Identity, nil)
		all = append(all, Listed{
			Name: result.DisplayName, Identity: listed.Identity, Resource: listed.State, Diagnostics: result.Diagnostics,
		})
	}
	return all, valid.Diagnostics
}

// ListNames returns the names that a query lists, which must succeed. Values are not requested.
func (p *Protocol) ListNames(resourceType string, config Values, limit int64) []string {
	p.t.Helper()
	listed, diagnostics := p.List(resourceType, config, false, limit)
	p.Must(diagnostics)
	names := make([]string, 0, len(listed))
	for _, l := range listed {
		p.Must(l.Diagnostics)
		if l.Resource != nil {
			p.t.Errorf("%s has values that were not requested: %v", l.Name, l.Resource)
		}
		names = append(names, l.Name)
	}
	return names
}

// Generate returns the configuration that Terraform writes for a listed or imported state.
func (p *Protocol) Generate(resourceType string, state Values) Values {
	p.t.Helper()
	typ := p.Schema.ResourceSchemas[resourceType].ValueType()
	generated, err := p.Server.GenerateResourceConfig(p.t.Context(), &tfprotov6.GenerateResourceConfigRequest{
		TypeName: resourceType, State: p.dynamic(typ, state),
	})
	if err != nil {
		p.t.Fatalf("generate a configuration: %v", err)
	}
	p.Must(generated.Diagnostics)
	return p.values(typ, generated.Config)
}

// MustInvoke invokes an action that must succeed, and returns its progress messages.
func (p *Protocol) MustInvoke(actionType string, config Values) string {
	p.t.Helper()
	messages, diagnostics := p.Invoke(p.t.Context(), actionType, config, nil)
	p.Must(diagnostics)
	return strings.Join(messages, "\n")
}

// Invoke validates, plans and invokes an action, like Terraform, and returns the progress messages. If onMessage is not nil, it
// receives each message at once.
func (p *Protocol) Invoke(
	ctx context.Context, actionType string, config Values, onMessage func(message string),
) (messages []string, diagnostics []*tfprotov6.Diagnostic) {
	p.t.Helper()
	server, ok := p.Server.(tfprotov6.ActionServer)
	if !ok {
		p.t.Fatal("the provider does not support actions")
	}
	schema, ok := p.Schema.ActionSchemas[actionType]
	if !ok {
		p.t.Fatalf("the provider has no action %s", actionType)
	}
	value := p.dynamic(schema.Schema.ValueType(), config)
	valid, err := server.ValidateActionConfig(ctx, &tfprotov6.ValidateActionConfigRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatalf("validate an action: %v", err)
	}
	if failed(valid.Diagnostics) {
		return nil, valid.Diagnostics
	}
	planned, err := server.PlanAction(ctx, &tfprotov6.PlanActionRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatalf("plan an action: %v", err)
	}
	if failed(planned.Diagnostics) {
		return nil, planned.Diagnostics
	}
	stream, err := server.InvokeAction(ctx, &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: value})
	if err != nil {
		p.t.Fatalf("invoke an action: %v", err)
	}
	for event := range stream.Events {
		switch e := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			messages = append(messages, e.Message)
			if onMessage != nil {
				onMessage(e.Message)
			}
		case tfprotov6.CompletedInvokeActionEventType:
			diagnostics = e.Diagnostics
		}
	}
	return messages, diagnostics
}
