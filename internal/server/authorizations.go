package server

import (
	"context"
	"log/slog"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api/pages"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// routeAuthorizations declares what clients do with a re-validation that waits for a person. The person's own routes are those of
// [Server.SignInHandler].
func (s *Server) routeAuthorizations() {
	const path = pathConnections + "/{id}/revalidations/{revalidation_id}"
	route(s, huma.Operation{
		OperationID: "confirm-revalidation", Method: http.MethodPost, Path: path + "/confirm",
		Summary: "Store the sign-in of a person",
		Description: "For a re-validation in the state confirm, once the client has seen in identity who signed in. The connection " +
			"is tested again.",
		Security: requireScope(api.ScopeWrite),
	}, func(ctx context.Context, in *changeRevalidationInput) (*bodyOutput[api.Revalidation], error) {
		found, err := s.engine.ConfirmAuthorization(ctx, in.ID, in.RevalidationID)
		return s.revalidationOutput(ctx, &found, err)
	})
	route(s, huma.Operation{
		OperationID: "cancel-revalidation", Method: http.MethodDelete, Path: path, Summary: "Cancel a re-validation by a person",
		Description: "The link is no longer valid. One that has ended stays as it is.",
		Security:    requireScope(api.ScopeWrite), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *changeRevalidationInput) (*struct{}, error) {
		return nil, s.engine.CancelAuthorization(ctx, in.ID, in.RevalidationID)
	})
}

type changeRevalidationInput struct {
	MutationInput
	RevalidationInput
}

func (s *Server) revalidationOutput(ctx context.Context, r *model.RevalidationDetail, err error) (
	*bodyOutput[api.Revalidation], error,
) {
	if err != nil {
		return nil, err
	}
	out := revalidationOf(r)
	s.addLinks(ctx, r.Authorization, &out)
	return &bodyOutput[api.Revalidation]{Body: out}, nil
}

// authorizationOf describes a re-validation by a person.
func authorizationOf(a *model.Authorization, out *api.Revalidation) {
	out.Identity, out.WantedScopes, out.GrantedScopes = identityOf(a.Identity), a.Wanted, a.Granted
	out.Attempts, out.State, out.Fault = a.Attempts, string(a.State), faultOf(a.Fault, false)
	if a.FinishedAt != nil {
		out.FinishedAt = *a.FinishedAt
	}
	switch a.State {
	case model.AuthorizationPending:
		out.ExpiresAt, out.Message = &a.ExpiresAt, "A person is to sign in."
	case model.AuthorizationConfirm:
		out.ExpiresAt, out.Message = &a.ExpiresAt, "A person has signed in: confirm who it was."
	case model.AuthorizationSucceeded:
		out.Message = messageRevalidated
	case model.AuthorizationFailed:
		out.Message = "Too many attempts to sign in have failed."
	case model.AuthorizationExpired:
		out.FinishedAt, out.Message = a.ExpiresAt, "No person signed in before the link expired."
	case model.AuthorizationCanceled:
		out.Message = "The sign-in was canceled."
	case model.AuthorizationReplaced:
		out.State, out.Message = api.RevalidationCanceled, "Another sign-in, or credentials that were submitted, replaced it."
	}
	if a.Fault != nil {
		out.Message = a.Fault.Code.Title()
	}
}

// SetPublicURL sets the address under which a person's browser reaches the pages, such as https://riva.example.com. From then on,
// responses have the links of authorizations.
func (s *Server) SetPublicURL(address string) {
	address = strings.TrimRight(address, "/")
	s.publicURL.Store(&address)
}

// link returns the secret link of an authorization that waits for a person; empty if there are no pages, or the client may not
// change connections. It is left out if it cannot be read: a change is stored by then, and must not be answered with an error.
func (s *Server) link(ctx context.Context, a *model.Authorization) api.SecretURL {
	public := s.publicURL.Load()
	if public == nil || a == nil || a.State != model.AuthorizationPending || !clientFrom(ctx).hasScope(api.ScopeWrite) {
		return ""
	}
	link, err := s.engine.AuthorizationLink(ctx, a.ID)
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "a link is left out", slog.String("request_id", requestID(ctx)),
			slog.String("error", err.Error()))
		return ""
	}
	return api.SecretURL(*public + pages.LinkPath + link)
}

// addLinks adds the link to a re-validation and to the connection in it.
func (s *Server) addLinks(ctx context.Context, a *model.Authorization, out *api.Revalidation) {
	out.AuthorizationURL = s.link(ctx, a)
	if a != nil && out.Connection.AuthorizationID == a.ID {
		out.Connection.AuthorizationURL = out.AuthorizationURL
	}
}

// withLinks are the operations whose responses can have the link of an authorization. They are not cached.
var withLinks = map[string]bool{
	"create-connection": true, "read-connection": true, "update-connection": true, "update-credentials": true,
	"revalidate-connection": true, "read-revalidation": true, "confirm-revalidation": true,
}
