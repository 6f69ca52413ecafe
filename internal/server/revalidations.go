package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// messageRevalidated is Riva's own message, word for word, for a connection that was re-validated.
const messageRevalidated = "Connection has been configured successfully!"

func (s *Server) routeRevalidations() {
	route(s, huma.Operation{
		OperationID: "revalidate-connection", Method: http.MethodPost, Path: pathConnections + "/{id}/revalidations",
		Summary: "Re-validate a connection",
		Description: "For target systems with revalidates in the catalog. Signs in again, with the submitted or else the stored " +
			"credentials, and reads the metadata. All or nothing; it takes up to 60 seconds.\n\n" +
			"With interactive, or if nothing is stored to sign in with, a person signs in instead (systems with authorize in the " +
			"catalog). The response has the state pending and, if the control plane has pages, the secret link for the person, which is " +
			"valid for 24 hours. A failed attempt leaves it pending, with the fault. A connection has one; a new one ends the old one. " +
			"The stored credentials stay in force until the sign-in of the expected person has passed the test.",
		DefaultStatus: http.StatusCreated, Security: requireScope(api.ScopeWrite),
	}, s.revalidate)
	route(s, huma.Operation{
		OperationID: "read-revalidation", Method: http.MethodGet,
		Path:    pathConnections + "/{id}/revalidations/{revalidation_id}",
		Summary: "Read a re-validation", Description: "The last 20 re-validations of a connection are stored.",
		Security: requireScope(api.ScopeRead),
	}, func(ctx context.Context, in *RevalidationInput) (*bodyOutput[api.Revalidation], error) {
		found, err := s.engine.Revalidation(ctx, in.ID, in.RevalidationID)
		return s.revalidationOutput(ctx, &found, err)
	})
}

type revalidateInput struct {
	ChangeInput
	Body api.Revalidate
}

// RevalidationInput selects one re-validation of a connection.
type RevalidationInput struct {
	ObjectInput
	RevalidationID string `path:"revalidation_id" maxLength:"255"`
}

// revalidate returns the connection's revision, which submitted credentials change.
func (s *Server) revalidate(ctx context.Context, in *revalidateInput) (*createdOutput[api.Revalidation], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	revalidation, err := s.engine.Revalidate(ctx, in.ID, model.RevalidationRequest{
		Credentials: target.Credentials(in.Body.Credentials), Revision: revision, Interactive: in.Body.Interactive,
		AnyPerson: in.Body.Confirm,
	})
	if err != nil {
		return nil, err
	}
	body := revalidationOf(&revalidation)
	s.addLinks(ctx, revalidation.Authorization, &body)
	return &createdOutput[api.Revalidation]{
		Location: pathConnections + "/" + revalidation.ConnectionID + "/revalidations/" + revalidation.ID,
		ETag:     etag(revalidation.Connection.Revision), Body: body,
	}, nil
}

func revalidationOf(r *model.RevalidationDetail) api.Revalidation {
	out := api.Revalidation{
		ID: r.ID, ConnectionID: r.ConnectionID, State: api.RevalidationSucceeded, Message: messageRevalidated,
		FinishedAt: r.FinishedAt, MetadataRefreshedAt: r.MetadataRefreshedAt, MetadataChanged: r.MetadataChanged,
		Connection: connectionOf(&r.Connection),
	}
	if r.Fault != nil {
		out.State, out.Message, out.Fault = api.RevalidationFailed, r.Fault.Code.Title(), faultOf(r.Fault, r.Remembered)
	}
	if r.Authorization != nil {
		authorizationOf(r.Authorization, &out)
	}
	return out
}
