// Package narrow saves most of the work of terraform-plugin-framework for a resource with many blocks of which an object has one.
//
// The framework walks the whole schema several times in each call, null blocks and their attributes included. So calls about an
// object go to a server that is the same provider with a smaller schema: that of the blocks that the values of the request use.
// The null blocks are removed from the request, and added to the response. Terraform sees one schema and the same values.
package narrow

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

// Resource is the resource whose calls are narrowed.
type Resource struct {
	// Type is its name in configurations, such as riva_connection.
	Type string
	// Version is the version of its schema.
	Version int64
	// Blocks are the names of its blocks.
	Blocks []string
	// Part returns a server that has only some of the blocks. It gets the same configuration as the whole server, after that.
	Part func(blocks []string) tfprotov6.ProviderServer
}

// Provider is a provider with lists and actions, as the framework serves it.
type Provider interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// Server returns a server that narrows the calls of one resource.
func Server(whole Provider, resource Resource) Provider {
	return &server{Provider: whole, resource: resource, parts: map[string]tfprotov6.ProviderServer{}}
}

// server has the whole provider for calls that are not narrowed.
type server struct {
	Provider

	resource Resource

	mu sync.Mutex
	// configuration is that of the provider; nil before it is configured.
	configuration *tfprotov6.ConfigureProviderRequest
	// parts are the servers so far, by the names of their blocks. A part is nil if the whole server is used instead.
	parts map[string]tfprotov6.ProviderServer
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
		if part == nil {
			continue
		}
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
	for i, value := range values {
		if objects[i], ok = decode(value); !ok {
			return call{}, nil, false
		}
	}
	c, ok := s.call(ctx, func(block string) bool {
		return slices.ContainsFunc(objects, func(o object) bool { return o.has(block) })
	})
	if !ok {
		return call{}, nil, false
	}
	narrowed = make([]*tfprotov6.DynamicValue, len(values))
	for i := range objects {
		narrowed[i] = objects[i].without(c.absent)
	}
	return c, narrowed, true
}

// call is a narrowed call: its part, and the blocks that the part does not have.
type call struct {
	part   tfprotov6.ProviderServer
	absent []string
}

// call selects the part for the blocks that a call uses.
func (s *server) call(ctx context.Context, uses func(block string) bool) (c call, ok bool) {
	var used []string
	for _, block := range s.resource.Blocks {
		if uses(block) {
			used = append(used, block)
		} else {
			c.absent = append(c.absent, block)
		}
	}
	c.part = s.part(ctx, used)
	return c, c.part != nil
}

// part returns the server for some blocks. It is nil if the whole server handles the call.
func (s *server) part(ctx context.Context, blocks []string) tfprotov6.ProviderServer {
	key := strings.Join(blocks, " ")
	s.mu.Lock()
	defer s.mu.Unlock()
	part, ok := s.parts[key]
	if ok {
		return part
	}
	part = s.resource.Part(blocks)
	if s.configuration != nil {
		resp, err := part.ConfigureProvider(ctx, s.configuration)
		if err != nil || len(resp.Diagnostics) > 0 { // the whole server reports it
			part = nil
		}
	}
	s.parts[key] = part
	return part
}

// widen adds the null blocks to a value of a response.
func (c call) widen(value *tfprotov6.DynamicValue) (*tfprotov6.DynamicValue, error) {
	if value == nil {
		return nil, nil //nolint:nilnil // an error response has no value
	}
	o, ok := decode(value)
	if !ok {
		return nil, errEncoding
	}
	return o.with(c.absent), nil
}

var errEncoding = errors.New("the response of the provider has a value that is not encoded as MessagePack")
