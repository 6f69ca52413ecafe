package server

import (
	"context"
	"encoding/json"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// Clients manages the clients of a shared control plane.
type Clients interface {
	CreateClient(ctx context.Context, n model.NewClient) (c model.Client, secret string, err error)
	Clients(ctx context.Context, p model.Page) ([]model.Client, error)
	Client(ctx context.Context, id string) (model.Client, error)
	UpdateClient(ctx context.Context, id string, change model.ClientChange) (model.Client, error)
	RotateSecret(ctx context.Context, id string, overlap time.Duration) (c model.Client, secret string, err error)
	AddTrust(ctx context.Context, id string, n model.NewTrust) (model.Trust, error)
	RemoveTrust(ctx context.Context, id, trustID string) error
}

const pathClients = "/v1/clients"

// onceDescription describes the operations whose response has a secret.
const onceDescription = "The secret is in this response only, so the request is not idempotent: after a lost response, rotate " +
	"the secret."

func (s *Server) routeClients() {
	admin := requireScope(api.ScopeAdmin)
	clientRoute(s, huma.Operation{
		OperationID: "create-client", Method: http.MethodPost, Path: pathClients, Summary: "Create a client",
		Description: onceDescription, Security: admin, DefaultStatus: http.StatusCreated,
	}, s.createClient)
	clientRoute(s, huma.Operation{
		OperationID: "list-clients", Method: http.MethodGet, Path: pathClients, Summary: "List clients",
		Description: "In the order of their creation.", Security: admin,
	}, s.listClients)
	clientRoute(s, huma.Operation{
		OperationID: "read-client", Method: http.MethodGet, Path: pathClients + "/{id}", Summary: "Read a client", Security: admin,
	}, func(ctx context.Context, in *ObjectInput) (*bodyOutput[api.RegisteredClient], error) {
		return clientOutput(s.options.Clients.Client(ctx, in.ID))
	})
	clientRoute(s, huma.Operation{
		OperationID: "update-client", Method: http.MethodPatch, Path: pathClients + "/{id}",
		Summary: "Change, disable or enable a client", Security: admin,
	}, s.updateClient)
	clientRoute(s, huma.Operation{
		OperationID: "rotate-client-secret", Method: http.MethodPost, Path: pathClients + "/{id}/secrets",
		Summary: "Give a client another secret", Security: admin, DefaultStatus: http.StatusCreated,
		Description: "The secret before stays valid for the overlap, and older ones end at once. " + onceDescription,
	}, s.rotateSecret)
	clientRoute(s, huma.Operation{
		OperationID: "trust-issuer", Method: http.MethodPost, Path: pathClients + "/{id}/trusted-issuers",
		Summary: "Let tokens of an outside issuer authenticate a client", Security: admin, DefaultStatus: http.StatusCreated,
	}, s.trustIssuer)
	clientRoute(s, huma.Operation{
		OperationID: "distrust-issuer", Method: http.MethodDelete, Path: pathClients + "/{id}/trusted-issuers/{rule_id}",
		Summary: "Remove a rule of a client", Security: admin, DefaultStatus: http.StatusNoContent,
		Description: "Access tokens that it led to end by themselves, within 15 minutes.",
	}, func(ctx context.Context, in *trustedRuleInput) (*struct{}, error) {
		return nil, s.options.Clients.RemoveTrust(ctx, in.ID, in.RuleID)
	})
}

// clientRoute declares an operation that needs Options.Clients.
func clientRoute[I, O any](s *Server, op huma.Operation, handle func(context.Context, *I) (*O, error)) {
	route(s, op, func(ctx context.Context, in *I) (*O, error) {
		if s.options.Clients == nil {
			return nil, &api.Problem{
				Type: api.ProblemTypePrefix + api.ProblemNoRoute, Title: "No such address", Status: http.StatusNotFound,
				Detail: "This control plane has no clients.",
			}
		}
		return handle(ctx, in)
	})
}

type createClientInput struct{ Body api.CreateRegisteredClient }

func (s *Server) createClient(ctx context.Context, in *createClientInput) (*bodyOutput[api.IssuedClient], error) {
	c, secret, err := s.options.Clients.CreateClient(ctx, model.NewClient{
		Name: in.Body.Name, Scopes: textsOf(in.Body.Scopes), Keys: keysOf(in.Body.Keys), Secret: orTrue(in.Body.Secret),
	})
	return issuedOutput(c, secret, err)
}

type listClientsInput struct{ PageInput }

func (s *Server) listClients(ctx context.Context, in *listClientsInput) (*bodyOutput[api.List[api.RegisteredClient]], error) {
	page, err := in.page()
	if err != nil {
		return nil, err
	}
	found, err := s.options.Clients.Clients(ctx, page)
	if err != nil {
		return nil, err
	}
	return pageOutput(found, page.Limit, registeredClientOf, func(c *model.Client) string { return c.ID }), nil
}

type updateClientInput struct {
	ObjectInput
	Body api.UpdateRegisteredClient
}

func (s *Server) updateClient(ctx context.Context, in *updateClientInput) (*bodyOutput[api.RegisteredClient], error) {
	change := model.ClientChange{Name: in.Body.Name, Disabled: in.Body.Disabled}
	if in.Body.Scopes != nil {
		scopes := textsOf(*in.Body.Scopes)
		change.Scopes = &scopes
	}
	if in.Body.Keys != nil {
		keys := keysOf(in.Body.Keys)
		change.Keys = &keys
	}
	return clientOutput(s.options.Clients.UpdateClient(ctx, in.ID, change))
}

type rotateSecretInput struct {
	ObjectInput
	Body api.RotateSecret
}

func (s *Server) rotateSecret(ctx context.Context, in *rotateSecretInput) (*bodyOutput[api.IssuedClient], error) {
	overlap := api.SecretOverlap
	if in.Body.OverlapSeconds != nil {
		overlap = time.Duration(*in.Body.OverlapSeconds) * time.Second
	}
	c, secret, err := s.options.Clients.RotateSecret(ctx, in.ID, overlap)
	return issuedOutput(c, secret, err)
}

type trustIssuerInput struct {
	ObjectInput
	Body api.TrustIssuer
}

func (s *Server) trustIssuer(ctx context.Context, in *trustIssuerInput) (*bodyOutput[api.TrustedRule], error) {
	rule, err := s.options.Clients.AddTrust(ctx, in.ID, model.NewTrust{
		Issuer: in.Body.Issuer, Audience: in.Body.Audience, Subject: in.Body.Subject, Claims: in.Body.Claims,
		Scopes: textsOf(in.Body.Scopes),
	})
	if err != nil {
		return nil, err
	}
	return &bodyOutput[api.TrustedRule]{Body: trustedRuleOf(&rule)}, nil
}

type trustedRuleInput struct {
	ObjectInput
	RuleID string `path:"rule_id" maxLength:"255"`
}

func clientOutput(c model.Client, err error) (*bodyOutput[api.RegisteredClient], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOutput[api.RegisteredClient]{Body: registeredClientOf(&c)}, nil
}

func issuedOutput(c model.Client, secret string, err error) (*bodyOutput[api.IssuedClient], error) {
	if err != nil {
		return nil, err
	}
	return &bodyOutput[api.IssuedClient]{Body: api.IssuedClient{
		Client: registeredClientOf(&c), Secret: api.IssuedSecret(secret),
	}}, nil
}

func registeredClientOf(c *model.Client) api.RegisteredClient {
	out := api.RegisteredClient{
		ID: c.ID, Name: c.Name, Scopes: scopesOf(c.Scopes), CreatedAt: c.CreatedAt, LastUsedAt: c.LastUsedAt,
		DisabledAt: c.DisabledAt, Secrets: []api.ClientSecret{}, KeyIDs: keyIDsOf(c.Keys), Trusted: []api.TrustedRule{},
	}
	for _, secret := range c.Secrets {
		out.Secrets = append(out.Secrets, api.ClientSecret{
			ID: secret.ID, CreatedAt: secret.CreatedAt, ExpiresAt: secret.ExpiresAt,
		})
	}
	for i := range c.Trusts {
		out.Trusted = append(out.Trusted, trustedRuleOf(&c.Trusts[i]))
	}
	return out
}

func trustedRuleOf(t *model.Trust) api.TrustedRule {
	out := api.TrustedRule{
		ID: t.ID, Issuer: t.Issuer, Audience: t.Audience, Subject: t.Subject, Claims: t.Claims, Scopes: scopesOf(t.Scopes),
		CreatedAt: t.CreatedAt,
	}
	if out.Claims == nil {
		out.Claims = map[string]string{}
	}
	return out
}

// keyIDsOf lists the ids of keys. A key without an id has an empty one.
func keyIDsOf(keys string) []string {
	var set struct {
		Keys []struct {
			KeyID string `json:"kid"`
		} `json:"keys"`
	}
	_ = json.Unmarshal([]byte(keys), &set) // checked when it was stored
	ids := make([]string, len(set.Keys))
	for i, key := range set.Keys {
		ids[i] = key.KeyID
	}
	return ids
}

// keysOf returns keys as text: none for null.
func keysOf(keys json.RawMessage) string {
	if string(keys) == "null" {
		return ""
	}
	return string(keys)
}

func textsOf(scopes []api.Scope) []string {
	texts := make([]string, len(scopes))
	for i, scope := range scopes {
		texts[i] = string(scope)
	}
	return texts
}

func scopesOf(texts []string) []api.Scope {
	scopes := make([]api.Scope, len(texts))
	for i, text := range texts {
		scopes[i] = api.Scope(text)
	}
	return scopes
}
