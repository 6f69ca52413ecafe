// Package narrow saves most of the work of terraform-plugin-framework for a resource with many blocks of which an object has one.
//
// The framework walks the whole schema several times in each call, null blocks and their attributes included. So calls about
// objects that all have the same block go to a server that is the same provider with a smaller schema: the null blocks are
// removed from the values of the request, and added to those of the response. Terraform sees one schema and the same values.
// All other calls go to the server with the whole schema.
package narrow

import (
	"context"
	"errors"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Resource is the resource whose calls are narrowed.
type Resource struct {
	// Type is its name in configurations, such as riva_connection.
	Type string
	// Version is the version of its schema.
	Version int64
	// Blocks are the names of the blocks.
	Blocks []string
	// Part returns a server that has only one of the blocks. It gets the same configuration as the whole server, after that.
	Part func(block string) tfprotov6.ProviderServer
}

// Provider is a provider with lists and actions, as the framework serves it.
type Provider interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// Server returns a server that narrows the calls of one resource.
func Server(whole Provider, resource Resource) Provider {
	s := &server{Provider: whole, resource: resource, blocks: map[string]bool{}, parts: map[string]tfprotov6.ProviderServer{}}
	for _, block := range resource.Blocks {
		s.blocks[block] = true
	}
	return s
}

// server has the whole provider for calls that are not narrowed.
type server struct {
	Provider

	resource Resource
	blocks   map[string]bool

	mu sync.Mutex
	// configuration is that of the provider; nil before it is configured.
	configuration *tfprotov6.ConfigureProviderRequest
	parts         map[string]tfprotov6.ProviderServer
}

// ConfigureProvider configures the whole server. Each part is configured before its first call.
func (s *server) ConfigureProvider(
	ctx context.Context, req *tfprotov6.ConfigureProviderRequest,
) (*tfprotov6.ConfigureProviderResponse, error) {
	resp, err := s.Provider.ConfigureProvider(ctx, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.configuration = req
	clear(s.parts)
	return resp, err
}

// StopProvider stops the whole server and the parts.
func (s *server) StopProvider(
	ctx context.Context, req *tfprotov6.StopProviderRequest,
) (*tfprotov6.StopProviderResponse, error) {
	resp, err := s.Provider.StopProvider(ctx, req)
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, part := range s.parts {
		_, partErr := part.StopProvider(ctx, req)
		err = errors.Join(err, partErr)
	}
	return resp, err
}

// narrow returns the part for a call with these values of a resource, and the values without null blocks. It returns false if the
// whole server has to handle the call.
func (s *server) narrow(
	ctx context.Context, resourceType string, values ...*tfprotov6.DynamicValue,
) (_ call, narrowed []*tfprotov6.DynamicValue, ok bool) {
	if resourceType != s.resource.Type {
		return call{}, nil, false
	}
	objects := make([]object, len(values))
	used := ""
	for i, value := range values {
		if objects[i], ok = decode(value); !ok {
			return call{}, nil, false
		}
		for _, m := range objects[i].members {
			if !s.blocks[m.name] || m.null {
				continue
			}
			if used != "" && used != m.name {
				return call{}, nil, false
			}
			used = m.name
		}
	}
	part := s.part(ctx, used)
	if part == nil {
		return call{}, nil, false
	}
	c := call{server: s, part: part, block: used}
	narrowed = make([]*tfprotov6.DynamicValue, len(values))
	for i := range objects {
		narrowed[i] = objects[i].without(c.absent)
	}
	return c, narrowed, true
}

// part returns the server for a block; nil if there is none.
func (s *server) part(ctx context.Context, block string) tfprotov6.ProviderServer {
	if block == "" {
		return nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	part, ok := s.parts[block]
	if ok {
		return part
	}
	part = s.resource.Part(block)
	if s.configuration != nil {
		resp, err := part.ConfigureProvider(ctx, s.configuration)
		if err != nil || len(resp.Diagnostics) > 0 { // the whole server reports it
			part = nil
		}
	}
	s.parts[block] = part
	return part
}

// call is a narrowed call.
type call struct {
	server *server
	part   tfprotov6.ProviderServer
	block  string
}

// absent reports whether an attribute is a block that the part does not have.
func (c call) absent(name string) bool { return name != c.block && c.server.blocks[name] }

// widen adds the null blocks to a value of a response.
func (c call) widen(value *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // an error response has no value
	}
	o, ok := decode(value)
	if !ok {
		return nil, errEncoding
	}
	return o.with(c.server.resource.Blocks, c.absent), nil
}

var errEncoding = errors.New("the response of the provider has a value that is not encoded as MessagePack")
