// Package schemajson says what a provider offers in the words of `terraform providers schema -json`, from the provider's
// own answers of protocol 6: whole, whatever Terraform is at hand. An older one leaves out what it does not know, such as
// actions and list resources.
package schemajson

import (
	"context"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// FormatVersion is that of the document that Terraform writes.
const FormatVersion = "1.0"

// Of asks the provider for all its schemas. Functions and state stores, of which it has none, are an error.
func Of(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchema, error) {
	offered, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err == nil {
		err = refusal(offered.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the schemas: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err == nil {
		err = refusal(identities.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("ask for the identities of resources: %w", err)
	}
	if len(offered.Functions) > 0 || len(offered.StateStoreSchemas) > 0 {
		return nil, errors.New("functions and state stores cannot be written")
	}

	w := writer{}
	schema := &tfjson.ProviderSchema{
		ConfigSchema:             w.schema(offered.Provider),
		ResourceSchemas:          each(offered.ResourceSchemas, w.schema),
		DataSourceSchemas:        each(offered.DataSourceSchemas, w.schema),
		EphemeralResourceSchemas: each(offered.EphemeralResourceSchemas, w.schema),
		ListResourceSchemas:      each(offered.ListResourceSchemas, w.schema),
		ActionSchemas:            each(offered.ActionSchemas, w.action),
		ResourceIdentitySchemas:  each(identities.IdentitySchemas, w.identity),
	}
	if w.err != nil {
		return nil, w.err
	}
	return schema, nil
}

// refusal is what the provider says against being asked.
func refusal(diagnostics []*tfprotov6.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}

func each[From, To any](all map[string]From, write func(From) To) map[string]To {
	written := make(map[string]To, len(all))
	for name, one := range all {
		written[name] = write(one)
	}
	return written
}
