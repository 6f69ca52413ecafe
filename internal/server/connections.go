package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const pathConnections = "/v1/connections"

// connectionOutput is the response with one connection. The key and the link for a person are added to the engine's result, also
// for a repeated request.
func (s *Server) connectionOutput(
	ctx context.Context, in IncludeInput, d model.ConnectionDetail, err error,
) (*readOutput[api.Connection], error) {
	if err != nil {
		return nil, err
	}
	out := []api.Connection{connectionOf(&d)}
	s.addComparisonKeys(ctx, in, []model.ConnectionDetail{d}, out)
	out[0].AuthorizationURL = s.link(ctx, d.Authorization)
	return &readOutput[api.Connection]{ETag: etag(d.Revision), Body: out[0]}, nil
}

func (s *Server) routeConnections() {
	route(s, huma.Operation{
		OperationID: "create-connection", Method: http.MethodPost, Path: pathConnections, Summary: "Create a connection",
		Description: createDescription, DefaultStatus: http.StatusCreated, Security: requireScope(api.ScopeWrite),
	}, s.createConnection)
	route(s, huma.Operation{
		OperationID: "list-connections", Method: http.MethodGet, Path: pathConnections, Summary: "List connections",
		Description: "In the order of their creation.", Security: requireScope(api.ScopeRead),
	}, s.listConnections)
	route(s, huma.Operation{
		OperationID: "read-connection", Method: http.MethodGet, Path: pathConnections + "/{id}", Summary: "Read a connection",
		Security: requireScope(api.ScopeRead),
	}, func(ctx context.Context, in *readConnectionInput) (*readOutput[api.Connection], error) {
		found, err := s.engine.Connection(ctx, in.ID)
		return s.connectionOutput(ctx, in.IncludeInput, found, err)
	})
	route(s, huma.Operation{
		OperationID: "update-connection", Method: http.MethodPatch, Path: pathConnections + "/{id}",
		Summary: "Change name, settings and credentials, and re-validate, all or nothing",
		Description: "Changed settings and credentials are tested first, unless verify is false. With revalidate, the control " +
			"plane signs in again in the same step and reads the metadata.",
		Security: requireScope(api.ScopeWrite),
	}, s.updateConnection)
	route(s, huma.Operation{
		OperationID: "delete-connection", Method: http.MethodDelete, Path: pathConnections + "/{id}",
		Summary:     "Delete a connection",
		Description: "Not possible once a full sync cycle has used the connection, and while an enabled sync policy uses it.",
		Security:    requireScope(api.ScopeWrite), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *ChangeInput) (*struct{}, error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		return nil, s.engine.DeleteConnection(ctx, in.ID, revision)
	})
	route(s, huma.Operation{
		OperationID: "purge-connection", Method: http.MethodPost, Path: pathConnections + "/{id}/purge",
		Summary: "Delete a connection for good, even if a full sync cycle has used it",
		Description: "For the owner of the control plane: it deletes what the deletion of a connection keeps. Sync logs and audit " +
			"events stay. Not possible while an enabled sync policy uses the connection, or a cycle of one that used it runs.",
		Security: requireScope(api.ScopeAdmin), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *purgeConnectionInput) (*struct{}, error) {
		return nil, s.engine.PurgeConnection(ctx, in.ID, in.Body.Name)
	})
	route(s, huma.Operation{
		OperationID: "update-credentials", Method: http.MethodPut, Path: pathConnections + "/{id}/credentials",
		Summary: "Replace the credentials", Security: requireScope(api.ScopeWrite),
	}, s.updateCredentials)
}

type purgeConnectionInput struct {
	MutationInput
	ObjectInput
	Body api.PurgeConnection
}

type readConnectionInput struct {
	ObjectInput
	IncludeInput
}

type createConnectionInput struct {
	CreateInput
	IncludeInput
	Body api.CreateConnection
}

func (s *Server) createConnection(ctx context.Context, in *createConnectionInput) (*createdOutput[api.Connection], error) {
	created, err := s.engine.CreateConnection(ctx, model.NewConnection{
		Name: in.Body.Name, System: in.Body.System, Settings: target.Settings(in.Body.Settings),
		Credentials: target.Credentials(in.Body.Credentials), Verify: orTrue(in.Body.Verify), Interactive: in.Body.Interactive,
	})
	out, err := s.connectionOutput(ctx, in.IncludeInput, created, err)
	if err != nil {
		return nil, err
	}
	return &createdOutput[api.Connection]{Location: pathConnections + "/" + out.Body.ID, ETag: out.ETag, Body: out.Body}, nil
}

type listConnectionsInput struct {
	PageInput
	IDsInput
	IncludeInput

	Name   string `query:"name" doc:"Only the connection with this name, regardless of letter case."`
	Kind   string `query:"kind" enum:"crm,email"`
	System string `query:"system"`
	Status string `query:"status" enum:"working,failing,unverified,blank"`
}

func (s *Server) listConnections(ctx context.Context, in *listConnectionsInput) (*bodyOutput[api.List[api.Connection]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	details, err := s.engine.Connections(ctx, model.ConnectionFilter{
		IDs: in.IDs, Name: in.Name, Kind: target.Kind(in.Kind), System: in.System, Status: model.Status(in.Status),
	}, page)
	if err != nil {
		return nil, err
	}
	out := pageOutput(details, page.Limit, connectionOf, func(d *model.ConnectionDetail) string { return d.ID })
	s.addComparisonKeys(ctx, in.IncludeInput, details, out.Body.Items)
	return out, nil
}

type updateConnectionInput struct {
	ChangeInput
	IncludeInput
	Body api.UpdateConnection
}

func (s *Server) updateConnection(ctx context.Context, in *updateConnectionInput) (*readOutput[api.Connection], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	updated, err := s.engine.UpdateConnection(ctx, in.ID, model.ConnectionChange{
		Name: in.Body.Name, Settings: target.Settings(in.Body.Settings),
		Credentials: target.Credentials(in.Body.Credentials), Verify: orTrue(in.Body.Verify), Revalidate: in.Body.Revalidate,
		Interactive: in.Body.Interactive, Revision: revision,
	})
	return s.connectionOutput(ctx, in.IncludeInput, updated, err)
}

type updateCredentialsInput struct {
	ChangeInput
	IncludeInput
	Body api.UpdateCredentials
}

func (s *Server) updateCredentials(
	ctx context.Context, in *updateCredentialsInput,
) (*readOutput[api.UpdatedCredentials], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	updated, err := s.engine.UpdateConnection(ctx, in.ID, model.ConnectionChange{
		Credentials: target.Credentials(in.Body.Credentials), Verify: orTrue(in.Body.Verify), Revision: revision,
	})
	out, err := s.connectionOutput(ctx, in.IncludeInput, updated, err)
	if err != nil {
		return nil, err
	}
	message := "Password updated successfully"
	if s.revalidates(out.Body.System) {
		message = messageRevalidated
	}
	if !orTrue(in.Body.Verify) {
		message = "The credentials are stored and have not been tested"
	}
	return &readOutput[api.UpdatedCredentials]{
		ETag: out.ETag, Body: api.UpdatedCredentials{Message: message, Connection: out.Body},
	}, nil
}

// revalidates reports whether the connections of a system are re-validated instead of given a new password.
func (s *Server) revalidates(system string) bool {
	t, ok := s.engine.Systems().Find(system)
	return ok && t.Revalidates
}

// orTrue returns true for nil: verification is the default.
func orTrue(verify *bool) bool { return verify == nil || *verify }
