package server

import (
	"context"
	"log/slog"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// IncludeInput selects what the responses about connections have in addition.
type IncludeInput struct {
	Include string `query:"include" enum:"comparison_key" doc:"Adds the set of credentials and its key; none without scope compare."`
}

// addComparisonKeys adds the set of credentials and its comparison key to connections, if the request asks for them and its
// client has the scope. A client without the scope gets the connections as they are: an error would cost it another call. It also
// gets them if the keys cannot be read: a change is stored by then, and must not be answered with an error.
func (s *Server) addComparisonKeys(
	ctx context.Context, in IncludeInput, details []model.ConnectionDetail, out []api.Connection,
) {
	if in.Include != api.IncludeComparisonKey || !clientFrom(ctx).hasScope(api.ScopeCompare) {
		return
	}
	keys, err := s.engine.ComparisonKeys(ctx, details)
	if err != nil {
		s.log.LogAttrs(ctx, slog.LevelWarn, "comparison keys are left out", slog.String("request_id", requestID(ctx)),
			slog.String("error", err.Error()))
		return
	}
	for i := range out {
		out[i].CredentialsSet, out[i].ComparisonKey = &details[i].CredentialsSetID, keys[out[i].ID]
	}
}

// noStore keeps responses with keys or links out of caches.
func noStore(ctx huma.Context, next func(huma.Context)) {
	if ctx.Query("include") != "" || withLinks[ctx.Operation().OperationID] {
		ctx.SetHeader("Cache-Control", "no-store")
	}
	next(ctx)
}
