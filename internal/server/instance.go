package server

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// capabilities are the optional parts of the contract that this server supports. Clients check them before they use one.
func (s *Server) capabilities() []string {
	supported := []string{
		"credential-comparisons", api.CapabilityComparisonKeys, "connection-tests", "full-sync-cycles", api.CapabilityRevalidations,
		api.CapabilityAuthorizations,
	}
	if s.options.LoopbackHTTP {
		supported = append(supported, api.CapabilityLoopbackHTTP)
	}
	return supported
}

func (s *Server) routeInstance() {
	route(s, huma.Operation{
		OperationID: "read-instance", Method: http.MethodGet, Path: "/v1/instance", Summary: "Identify the control plane",
		Security: anyClient(),
	}, func(context.Context, *struct{}) (*bodyOutput[api.Instance], error) {
		return &bodyOutput[api.Instance]{Body: api.Instance{
			ID: s.engine.InstanceID(), Version: s.options.Version, Store: s.options.Store, Embedded: s.options.Embedded,
			Capabilities: s.capabilities(),
		}}, nil
	})
	route(s, huma.Operation{
		OperationID: "list-target-systems", Method: http.MethodGet, Path: "/v1/target-systems", Summary: "List the target systems",
		Security: anyClient(),
	}, func(context.Context, *struct{}) (*bodyOutput[api.List[api.TargetSystem]], error) {
		out := &bodyOutput[api.List[api.TargetSystem]]{Body: api.List[api.TargetSystem]{Items: []api.TargetSystem{}}}
		for _, system := range s.engine.Systems() {
			out.Body.Items = append(out.Body.Items, targetSystemOf(system))
		}
		return out, nil
	})
	route(s, huma.Operation{
		OperationID: "liveness", Method: http.MethodGet, Path: "/healthz", Summary: "Check whether the process responds",
	}, func(context.Context, *struct{}) (*bodyOutput[health], error) { return healthy(), nil })
	route(s, huma.Operation{
		OperationID: "readiness", Method: http.MethodGet, Path: "/readyz", Summary: "Check whether the store can be used",
	}, func(ctx context.Context, _ *struct{}) (*bodyOutput[health], error) {
		if err := s.engine.Ping(ctx); err != nil {
			s.log.LogAttrs(ctx, slog.LevelWarn, "not ready", slog.String("error", err.Error()))
			return nil, &api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemUnavailable, Title: "The control plane is not ready",
				Status: http.StatusServiceUnavailable, Detail: "Its store cannot be used.",
			}
		}
		return healthy(), nil
	})
}

type health struct {
	Status string `json:"status" enum:"ok"`
}

func healthy() *bodyOutput[health] { return &bodyOutput[health]{Body: health{Status: "ok"}} }
