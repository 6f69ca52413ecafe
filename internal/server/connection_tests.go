package server

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func (s *Server) routeTests() {
	route(s, huma.Operation{
		OperationID: "run-test", Method: http.MethodPost, Path: pathConnections + "/{id}/tests", Summary: "Test a connection",
		Description: "Signs in to the target system and takes up to 60 seconds. A fault is a result, not an error. Credentials " +
			"that the target system rejected before are not sent again, unless force is set.",
		Security: requireScope(api.ScopeTest),
	}, s.runTest)
	route(s, huma.Operation{
		OperationID: "list-tests", Method: http.MethodGet, Path: pathConnections + "/{id}/tests",
		Summary: "List the tests of a connection", Description: "Newest first.", Security: requireScope(api.ScopeRead),
	}, s.listTests)
	route(s, huma.Operation{
		OperationID: "compare-credentials", Method: http.MethodPost, Path: "/v1/credential-comparisons",
		Summary: "Compare credentials with those last submitted",
		Description: "Returns equal, unequal or none (none stored) for each of up to 100 connections. Once ten different sets of " +
			"credentials were unequal for a connection within an hour, its result is left out.",
		Security: requireScope(api.ScopeCompare),
	}, s.compareCredentials)
}

type runTestInput struct {
	MutationInput
	ObjectInput
	Body api.RunTest
}

func (s *Server) runTest(ctx context.Context, in *runTestInput) (*bodyOutput[api.TestResult], error) {
	request := model.TestRequest{
		Account: model.AccountKind(in.Body.Account), UserEmail: in.Body.UserEmail, Test: target.Test(in.Body.Test),
		Force: in.Body.Force,
	}
	result, err := s.engine.TestConnection(ctx, in.ID, request)
	if err != nil {
		return nil, err
	}
	return &bodyOutput[api.TestResult]{Body: testOf(&result)}, nil
}

type listTestsInput struct {
	ObjectInput
	PageInput
	Result string `query:"result" enum:"passed,failed" doc:"Only tests with this result."`
}

func (s *Server) listTests(ctx context.Context, in *listTestsInput) (*bodyOutput[api.List[api.TestResult]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	filter := model.TestFilter{}
	if in.Result != "" {
		filter.Passed = new(in.Result == api.Passed)
	}
	results, err := s.engine.Tests(ctx, in.ID, filter, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(results, page.Limit, testOf, func(r *model.TestResult) string { return r.ID }), nil
}

type compareInput struct{ Body api.CompareCredentials }

func (s *Server) compareCredentials(ctx context.Context, in *compareInput) (*bodyOutput[api.ComparedCredentials], error) {
	comparisons := make([]model.Comparison, len(in.Body.Comparisons))
	for i, c := range in.Body.Comparisons {
		comparisons[i] = model.Comparison{ConnectionID: c.ConnectionID, Credentials: target.Credentials(c.Credentials)}
	}
	results, err := s.engine.CompareCredentials(ctx, comparisons)
	if err != nil {
		return nil, err
	}
	out := &bodyOutput[api.ComparedCredentials]{Body: api.ComparedCredentials{Results: make([]api.ComparisonResult, len(results))}}
	for i, result := range results {
		out.Body.Results[i] = api.ComparisonResult{ConnectionID: comparisons[i].ConnectionID, Result: string(result)}
		if result == model.ComparisonWithheld {
			out.Body.Results[i].Result = ""
		}
	}
	return out, nil
}
