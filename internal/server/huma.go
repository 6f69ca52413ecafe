package server

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/validation"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// problemResponse is a problem as the library sends it.
type problemResponse struct{ api.Problem }

// GetStatus is the status of the response.
func (p *problemResponse) GetStatus() int { return p.Status }

// GetHeaders are the headers of the response.
func (p *problemResponse) GetHeaders() http.Header {
	if p.RetryAfterSeconds == 0 {
		return nil
	}
	return http.Header{"Retry-After": {strconv.Itoa(p.RetryAfterSeconds)}}
}

// ContentType is the media type of a problem, whatever the client accepts.
func (p *problemResponse) ContentType(string) string { return contentTypeProblem }

// setUpHuma changes the library's process-wide settings where this contract differs from its defaults: problems are our own,
// names are case-sensitive, and lists are never null.
var setUpHuma = sync.OnceFunc(func() {
	huma.ValidateStrictCasing = true
	huma.DefaultArrayNullable = false
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return &problemResponse{Problem: *requestProblem(context.Background(), status, message, errs)}
	}
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := requestProblem(ctx.Context(), status, message, errs)
		p.RequestID = requestID(ctx.Context())
		return &problemResponse{Problem: *p}
	}
})

func humaConfig() huma.Config {
	strict := huma.Format{Marshal: huma.DefaultJSONFormat.Marshal, Unmarshal: unmarshalStrictly}
	return huma.Config{
		OpenAPI: &huma.OpenAPI{
			OpenAPI: "3.1.0",
			Info: &huma.Info{
				Title: "Riva control plane", Version: "1",
				Description: "The HTTP contract between the Terraform provider for Riva and its control plane. It is the " +
					"provider project's own: Riva does not publish an API.",
			},
			Components: &huma.Components{
				Schemas: huma.NewMapRegistry(schemaPrefix, huma.DefaultSchemaNamer),
				SecuritySchemes: map[string]*huma.SecurityScheme{
					bearer: {Type: "http", Scheme: "bearer", Description: "The client's token. Each operation names its scope."},
				},
			},
		},
		Formats:       map[string]huma.Format{"application/json": strict, "json": strict},
		DefaultFormat: "application/json",
	}
}

// requestProblem converts the errors that the library found in a request to a problem. It leaves out the values in them: they
// may be secrets.
func requestProblem(ctx context.Context, status int, message string, errs []error) *api.Problem {
	p := &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemInvalid, Title: "The request is not valid", Status: status,
	}
	switch status {
	case http.StatusRequestEntityTooLarge:
		return tooLargeProblem()
	case http.StatusInternalServerError:
		return internalProblem(ctx, message)
	}
	for _, err := range errs {
		detail, ok := err.(huma.ErrorDetailer)
		if !ok {
			continue
		}
		found := detail.ErrorDetail()
		p.Errors = append(p.Errors, fieldError(found.Location, found.Message))
	}
	p.Detail = summary(p.Errors)
	if p.Detail == "" {
		p.Detail = message
	}
	return p
}

// fieldError names a value as the engine does: a field of the body without the prefix, a missing field by its own name.
func fieldError(location, message string) api.ProblemError {
	before, after, _ := strings.Cut(validation.MsgExpectedRequiredProperty, "%s")
	if name, ok := strings.CutPrefix(message, before); ok && strings.HasSuffix(name, after) {
		location, message = location+"."+strings.TrimSuffix(name, after), "is required"
	}
	return api.ProblemError{Path: strings.TrimPrefix(location, "body."), Message: message}
}

func summary(errs []api.ProblemError) string {
	lines := make([]string, len(errs))
	for i, e := range errs {
		lines[i] = e.Path + ": " + e.Message
	}
	return strings.Join(lines, "; ")
}

// unmarshalStrictly decodes JSON in valid UTF-8, without duplicate keys and NUL characters. Its errors never quote a value.
func unmarshalStrictly(data []byte, v any) error {
	if !utf8.Valid(data) { // the decoder would replace it
		return errors.New(notUTF8)
	}
	if err := checkTokens(data); err != nil {
		return err
	}
	if err := json.Unmarshal(data, v); err != nil {
		return fmt.Errorf("is not the expected JSON: %w", withoutValues(err))
	}
	return nil
}
