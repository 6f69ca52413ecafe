package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const pathUsers = "/v1/users"

func userOutput(u model.User, err error) (*readOutput[api.User], error) {
	if err != nil {
		return nil, err
	}
	return &readOutput[api.User]{ETag: etag(u.Revision), Body: userOf(&u)}, nil
}

func (s *Server) routeUsers() {
	route(s, huma.Operation{
		OperationID: "create-user", Method: http.MethodPost, Path: pathUsers, Summary: "Create a user",
		Description: createDescription, DefaultStatus: http.StatusCreated, Security: requireScope(api.ScopeWrite),
	}, s.createUser)
	route(s, huma.Operation{
		OperationID: "list-users", Method: http.MethodGet, Path: pathUsers, Summary: "List users",
		Description: "In the order of their creation.", Security: requireScope(api.ScopeRead),
	}, s.listUsers)
	route(s, huma.Operation{
		OperationID: "read-user", Method: http.MethodGet, Path: pathUsers + "/{id}", Summary: "Read a user",
		Security: requireScope(api.ScopeRead),
	}, func(ctx context.Context, in *ObjectInput) (*readOutput[api.User], error) {
		return userOutput(s.engine.User(ctx, in.ID))
	})
	route(s, huma.Operation{
		OperationID: "update-user", Method: http.MethodPatch, Path: pathUsers + "/{id}", Summary: "Change a user",
		Security: requireScope(api.ScopeWrite),
	}, s.updateUser)
	route(s, huma.Operation{
		OperationID: "delete-user", Method: http.MethodDelete, Path: pathUsers + "/{id}", Summary: "Delete a user",
		Description: "Sync logs about the user stay.", Security: requireScope(api.ScopeWrite), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *ChangeInput) (*struct{}, error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		return nil, s.engine.DeleteUser(ctx, in.ID, revision)
	})
}

type createUserInput struct {
	CreateInput
	Body api.CreateUser
}

func (s *Server) createUser(ctx context.Context, in *createUserInput) (*createdOutput[api.User], error) {
	out, err := userOutput(s.engine.CreateUser(ctx, model.NewUser{
		Email: in.Body.Email, DisplayName: in.Body.DisplayName, Enabled: in.Body.Enabled,
		SyncPolicyID: orEmpty(in.Body.SyncPolicyID),
	}))
	if err != nil {
		return nil, err
	}
	return &createdOutput[api.User]{Location: pathUsers + "/" + out.Body.ID, ETag: out.ETag, Body: out.Body}, nil
}

type listUsersInput struct {
	PageInput
	IDsInput
	Email        string `query:"email" doc:"Only the user with this address, regardless of letter case."`
	Enabled      string `query:"enabled" enum:"true,false" doc:"Only enabled users, or only disabled users."`
	SyncPolicyID string `query:"sync_policy_id" doc:"Only users that are assigned to this sync policy."`
}

func (s *Server) listUsers(ctx context.Context, in *listUsersInput) (*bodyOutput[api.List[api.User]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	filter := model.UserFilter{IDs: in.IDs, Email: in.Email, SyncPolicyID: in.SyncPolicyID}
	if in.Enabled != "" {
		enabled := in.Enabled == "true"
		filter.Enabled = &enabled
	}
	users, err := s.engine.Users(ctx, filter, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(users, page.Limit, userOf, func(u *model.User) string { return u.ID }), nil
}

type updateUserInput struct {
	ChangeInput
	Body api.UpdateUser
}

func (s *Server) updateUser(ctx context.Context, in *updateUserInput) (*readOutput[api.User], error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return userOutput(s.engine.UpdateUser(ctx, in.ID, model.UserChange{
		Email: in.Body.Email, DisplayName: in.Body.DisplayName, Enabled: in.Body.Enabled, SyncPolicyID: in.Body.SyncPolicyID,
		Revision: revision,
	}))
}
