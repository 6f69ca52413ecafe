package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
)

const (
	headerIdempotencyKey = "Idempotency-Key"
	headerIfMatch        = "If-Match"
	headerRunID          = "Riva-Run-Id"
)

// readBody reads the body once, up to a limit, and adds the idempotency key and a digest of the request to its context: a
// repeated mutation under the same idempotency key must be the same request. The digest does not contain the key, because the
// next run of a client sends the same create with another key.
func (s *Server) readBody(ctx huma.Context, next func(huma.Context)) {
	r, w := humago.Unwrap(ctx)
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, api.MaxBody))
	if tooLarge := new(http.MaxBytesError); errors.As(err, &tooLarge) {
		writeProblem(w, r, tooLargeProblem())
		return
	}
	if err != nil {
		writeProblem(w, r, &api.Problem{
			Type: api.ProblemTypePrefix + api.ProblemInvalid, Title: "The request is not valid",
			Status: http.StatusBadRequest, Detail: "The body is not complete.",
		})
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))

	caller := engine.CallerFrom(ctx.Context())
	if key := r.Header.Get(headerIdempotencyKey); key != "" && r.Method != http.MethodGet {
		caller.IdempotencyKey, caller.RunID = key, r.Header.Get(headerRunID)
		caller.RequestDigest, err = s.engine.RequestDigest(r.Method, r.URL.Path, r.Header.Get(headerIfMatch), string(body))
		if err != nil {
			s.WriteError(w, r, fmt.Errorf("digest of the request: %w", err))
			return
		}
	}
	next(huma.WithContext(ctx, engine.WithCaller(ctx.Context(), caller)))
}

func tooLargeProblem() *api.Problem {
	return &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemTooLarge, Title: "The request is too large",
		Status: http.StatusRequestEntityTooLarge, Detail: fmt.Sprintf("The limit for a request body is %d MiB.", api.MaxBody>>20),
	}
}

// checkTokens returns an error for objects with duplicate keys, since it is not defined which of the values counts, and for text
// that not every database can store, see [textProblem].
func checkTokens(data []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	return checkTokensIn(decoder, nil)
}

func checkTokensIn(decoder *json.Decoder, path []string) error {
	token, err := decoder.Token()
	if err != nil {
		return fmt.Errorf("is not JSON: %w", withoutValues(err))
	}
	if text, ok := token.(string); ok && textMistake(text) != "" {
		return fmt.Errorf("%q %s", strings.Join(path, "."), textMistake(text))
	}
	delimiter, ok := token.(json.Delim)
	if !ok {
		return nil
	}
	if len(path) >= api.MaxBodyDepth {
		return errors.New("is nested too deeply")
	}
	seen := map[string]bool{}
	for decoder.More() {
		name := "[]"
		if delimiter == '{' {
			token, err := decoder.Token()
			if err != nil {
				return fmt.Errorf("is not JSON: %w", withoutValues(err))
			}
			name, _ = token.(string)
			if mistake := textMistake(name); mistake != "" {
				return fmt.Errorf("%q %s", strings.Join(append(path, name), "."), mistake)
			}
			if seen[name] {
				return fmt.Errorf("contains %q twice", strings.Join(append(path, name), "."))
			}
			seen[name] = true
		}
		if err := checkTokensIn(decoder, append(path, name)); err != nil {
			return err
		}
	}
	if _, err := decoder.Token(); err != nil { // the closing delimiter
		return fmt.Errorf("is not JSON: %w", withoutValues(err))
	}
	return nil
}

// withoutValues returns an error with the position of a mistake, without the text around it: that may be a secret.
func withoutValues(err error) error {
	var syntax *json.SyntaxError
	var wrongType *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return fmt.Errorf("at byte %d", syntax.Offset)
	case errors.As(err, &wrongType):
		return fmt.Errorf("%s is not a %s", wrongType.Field, wrongType.Type)
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errors.New("it ends too early")
	}
	return errors.New("it cannot be read")
}
