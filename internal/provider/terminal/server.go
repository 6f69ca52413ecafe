// Package terminal makes what a provider says safe for the terminal on which Terraform shows it: diagnostics, progress messages
// and names in lists. They quote values of the configuration and words of the control plane, whichever validator or library wrote
// them. Terraform shows such texts as they are, and a terminal obeys the control characters in them.
//
// Every response passes through here, so that no other package has to think of it.
package terminal

import (
	"context"
	"iter"
	"reflect"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/callcontext"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// Server returns a server of terraform-plugin-framework with texts that are safe for a terminal. Values, such as a planned state,
// stay as they are: Terraform escapes them.
func Server(of tfprotov6.ProviderServer) tfprotov6.ProviderServer {
	next, ok := of.(provider)
	if !ok {
		return of
	}
	return &server{next: next}
}

// provider is a provider with lists and actions. The server of the framework implements it.
type provider interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

// server has every method of the provider, and embeds nothing: a method that a newer protocol adds must not pass by.
type server struct{ next provider }

// respond calls a method and cleans the diagnostics of its response. The method does not use the context after that.
func respond[Request, Response any](
	ctx context.Context, req *Request, method func(context.Context, *Request) (*Response, error),
) (*Response, error) {
	ctx, release := callcontext.New(ctx)
	defer release()
	return respondKeeping(ctx, req, method)
}

// respondKeeping is respond for a method that keeps the context.
func respondKeeping[Request, Response any](
	ctx context.Context, req *Request, method func(context.Context, *Request) (*Response, error),
) (*Response, error) {
	resp, err := method(ctx, req)
	if resp == nil {
		return nil, err
	}
	if diagnostics := reflect.ValueOf(resp).Elem().FieldByName("Diagnostics"); diagnostics.IsValid() {
		if all, ok := reflect.TypeAssert[[]*tfprotov6.Diagnostic](diagnostics); ok {
			clean(all)
		}
	}
	return resp, err
}

func clean(diagnostics []*tfprotov6.Diagnostic) {
	for _, d := range diagnostics {
		d.Summary, d.Detail = scrub.Visible(d.Summary), scrub.Visible(d.Detail)
	}
}

// ListResource cleans each result when Terraform reads it.
func (s *server) ListResource(
	ctx context.Context, req *tfprotov6.ListResourceRequest,
) (*tfprotov6.ListResourceServerStream, error) {
	stream, err := s.next.ListResource(ctx, req)
	if stream == nil || stream.Results == nil {
		return stream, err
	}
	stream.Results = each(stream.Results, func(result *tfprotov6.ListResourceResult) {
		result.DisplayName = scrub.Visible(result.DisplayName)
		clean(result.Diagnostics)
	})
	return stream, err
}

// InvokeAction cleans each event when Terraform reads it.
func (s *server) InvokeAction(
	ctx context.Context, req *tfprotov6.InvokeActionRequest,
) (*tfprotov6.InvokeActionServerStream, error) {
	stream, err := s.next.InvokeAction(ctx, req)
	if stream == nil || stream.Events == nil {
		return stream, err
	}
	stream.Events = each(stream.Events, func(event *tfprotov6.InvokeActionEvent) {
		switch of := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			event.Type = tfprotov6.ProgressInvokeActionEventType{Message: scrub.Visible(of.Message)}
		case tfprotov6.CompletedInvokeActionEventType:
			clean(of.Diagnostics)
		}
	})
	return stream, err
}

// each changes the elements of a sequence on their way.
func each[T any](all iter.Seq[T], change func(*T)) iter.Seq[T] {
	return func(yield func(T) bool) {
		for element := range all {
			change(&element)
			if !yield(element) {
				return
			}
		}
	}
}
