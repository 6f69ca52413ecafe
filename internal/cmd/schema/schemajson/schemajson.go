// Package schemajson converts a provider's schemas from protocol 6 to the format of `terraform providers schema -json`. The
// result is complete and does not depend on the version of Terraform: older versions leave out what they do not support, such as
// actions and list resources.
package schemajson

import (
	"context"
	"errors"
	"fmt"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// FormatVersion is the version of the format that Terraform writes.
const FormatVersion = "1.0"

// Schema returns all schemas of the provider. Functions and state stores are not supported: they are an error.
func Schema(ctx context.Context, server tfprotov6.ProviderServer) (*tfjson.ProviderSchema, error) {
	provider, err := server.GetProviderSchema(ctx, &tfprotov6.GetProviderSchemaRequest{})
	if err == nil {
		err = errorsIn(provider.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("get the schemas: %w", err)
	}
	identities, err := server.GetResourceIdentitySchemas(ctx, &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err == nil {
		err = errorsIn(identities.Diagnostics)
	}
	if err != nil {
		return nil, fmt.Errorf("get the identity schemas: %w", err)
	}
	if len(provider.Functions) > 0 || len(provider.StateStoreSchemas) > 0 {
		return nil, errors.New("functions and state stores are not supported")
	}

	w := writer{}
	schema := &tfjson.ProviderSchema{
		ConfigSchema:             w.schema(provider.Provider),
		ResourceSchemas:          each(provider.ResourceSchemas, w.schema),
		DataSourceSchemas:        each(provider.DataSourceSchemas, w.schema),
		EphemeralResourceSchemas: each(provider.EphemeralResourceSchemas, w.schema),
		ListResourceSchemas:      each(provider.ListResourceSchemas, w.schema),
		ActionSchemas:            each(provider.ActionSchemas, w.action),
		ResourceIdentitySchemas:  each(identities.IdentitySchemas, w.identity),
	}
	if w.err != nil {
		return nil, w.err
	}
	return schema, nil
}

// errorsIn returns the errors among the provider's diagnostics.
func errorsIn(diagnostics []*tfprotov6.Diagnostic) error {
	var all []error
	for _, d := range diagnostics {
		if d.Severity == tfprotov6.DiagnosticSeverityError {
			all = append(all, fmt.Errorf("%s: %s", d.Summary, d.Detail))
		}
	}
	return errors.Join(all...)
}

func each[From, To any](all map[string]From, convert func(From) To) map[string]To {
	converted := make(map[string]To, len(all))
	for name, one := range all {
		converted[name] = convert(one)
	}
	return converted
}
