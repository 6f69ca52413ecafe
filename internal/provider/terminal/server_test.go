package terminal_test

import (
	"context"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/terminal"
)

const (
	hostile = "one\ntwo \x1b[2J"
	visible = "one\ntwo \\x1b[2J"
)

func diagnostics() []*tfprotov6.Diagnostic {
	return []*tfprotov6.Diagnostic{{Summary: hostile, Detail: hostile}}
}

// server is a provider that answers with hostile texts. It has only the methods that the tests call.
type server struct {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
}

func (server) ReadResource(context.Context, *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{Diagnostics: diagnostics(), Private: []byte(hostile)}, nil
}

func (server) ListResource(context.Context, *tfprotov6.ListResourceRequest) (*tfprotov6.ListResourceServerStream, error) {
	result := tfprotov6.ListResourceResult{DisplayName: hostile, Diagnostics: diagnostics()}
	return &tfprotov6.ListResourceServerStream{Results: slices.Values([]tfprotov6.ListResourceResult{result, result})}, nil
}

func (server) InvokeAction(context.Context, *tfprotov6.InvokeActionRequest) (*tfprotov6.InvokeActionServerStream, error) {
	return &tfprotov6.InvokeActionServerStream{Events: slices.Values([]tfprotov6.InvokeActionEvent{
		{Type: tfprotov6.ProgressInvokeActionEventType{Message: hostile}},
		{Type: tfprotov6.CompletedInvokeActionEventType{Diagnostics: diagnostics()}},
	})}, nil
}

func expectVisible(t *testing.T, where string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if text != visible {
			t.Errorf("%s shows %q, want %q", where, text, visible)
		}
	}
}

func TestResponseIsVisible(t *testing.T) {
	t.Parallel()
	read, err := terminal.Server(server{}).ReadResource(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	expectVisible(t, "a diagnostic", read.Diagnostics[0].Summary, read.Diagnostics[0].Detail)
	if string(read.Private) != hostile {
		t.Errorf("the private state is %q", read.Private)
	}
}

func TestListIsVisible(t *testing.T) {
	t.Parallel()
	lists, _ := terminal.Server(server{}).(tfprotov6.ListResourceServer)
	stream, err := lists.ListResource(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for result := range stream.Results {
		expectVisible(t, "a result", result.DisplayName, result.Diagnostics[0].Summary, result.Diagnostics[0].Detail)
		n++
		break // as Terraform does at the limit
	}
	if n != 1 {
		t.Errorf("%d results", n)
	}
}

func TestActionIsVisible(t *testing.T) {
	t.Parallel()
	actions, _ := terminal.Server(server{}).(tfprotov6.ActionServer)
	stream, err := actions.InvokeAction(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for event := range stream.Events {
		n++
		switch of := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			expectVisible(t, "a message", of.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			expectVisible(t, "the end", of.Diagnostics[0].Summary, of.Diagnostics[0].Detail)
		}
	}
	if n != 2 {
		t.Errorf("%d events", n)
	}
}
