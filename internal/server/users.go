package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

const pathUsers = "/v1/users"

type userOutput struct {
	ETag string `header:"ETag" doc:"The revision."`
	Body api.User
}

func userAnswer(u engine.User, err error) (*userOutput, error) {
	if err != nil {
		return nil, err
	}
	return &userOutput{ETag: etag(u.Revision), Body: userOf(&u)}, nil
}

func (s *Server) routeUsers() {
	route(s, huma.Operation{
		OperationID: "create-user", Method: http.MethodPost, Path: pathUsers, Summary: "Create a user",
		DefaultStatus: http.StatusCreated, Security: needs(api.ScopeWrite),
	}, s.createUser)
	route(s, huma.Operation{
		OperationID: "list-users", Method: http.MethodGet, Path: pathUsers, Summary: "List users",
		Description: "In the order of their creation.", Security: needs(api.ScopeRead),
	}, s.listUsers)
	route(s, huma.Operation{
		OperationID: "read-user", Method: http.MethodGet, Path: pathUsers + "/{id}", Summary: "Read a user",
		Security: needs(api.ScopeRead),
	}, func(ctx context.Context, in *oneInput) (*userOutput, error) {
		return userAnswer(s.engine.User(ctx, in.ID))
	})
	route(s, huma.Operation{
		OperationID: "update-user", Method: http.MethodPatch, Path: pathUsers + "/{id}", Summary: "Change a user",
		Security: needs(api.ScopeWrite),
	}, s.updateUser)
	route(s, huma.Operation{
		OperationID: "delete-user", Method: http.MethodDelete, Path: pathUsers + "/{id}", Summary: "Delete a user",
		Description: "Sync logs about the user stay.", Security: needs(api.ScopeWrite), DefaultStatus: http.StatusNoContent,
	}, func(ctx context.Context, in *changeInput) (*struct{}, error) {
		revision, err := in.revision()
		if err != nil {
			return nil, err
		}
		return nil, s.engine.DeleteUser(ctx, in.ID, revision)
	})
}

type createUserInput struct {
	mutationInput
	Body api.CreateUser
}

type createdUserOutput struct {
	Location string `header:"Location"`
	userOutput
}

func (s *Server) createUser(ctx context.Context, in *createUserInput) (*createdUserOutput, error) {
	out, err := userAnswer(s.engine.CreateUser(ctx, engine.NewUser{
		Email: in.Body.Email, DisplayName: in.Body.DisplayName, Enabled: in.Body.Enabled,
	}))
	if err != nil {
		return nil, err
	}
	return &createdUserOutput{Location: pathUsers + "/" + out.Body.ID, userOutput: *out}, nil
}

type listUsersInput struct {
	pageInput
	Email   string `query:"email" doc:"Only the one with this address, regardless of letter case."`
	Enabled string `query:"enabled" enum:"true,false" doc:"Only enabled, or only disabled ones."`
}

func (s *Server) listUsers(ctx context.Context, in *listUsersInput) (*listOutput[api.User], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	filter := engine.UserFilter{Email: in.Email}
	if in.Enabled != "" {
		enabled := in.Enabled == "true"
		filter.Enabled = &enabled
	}
	users, err := s.engine.Users(ctx, filter, page)
	if err != nil {
		return nil, err
	}
	return listOf(users, page.Limit, userOf, func(u *engine.User) string { return u.ID }), nil
}

type updateUserInput struct {
	changeInput
	Body api.UpdateUser
}

func (s *Server) updateUser(ctx context.Context, in *updateUserInput) (*userOutput, error) {
	revision, err := in.revision()
	if err != nil {
		return nil, err
	}
	return userAnswer(s.engine.UpdateUser(ctx, in.ID, engine.UserChange{
		Email: in.Body.Email, DisplayName: in.Body.DisplayName, Enabled: in.Body.Enabled, Revision: revision,
	}))
}
