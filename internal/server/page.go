package server

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// The inputs that operations share are exported for the library only: it finds parameters in exported fields alone.

// PageInput selects a page of a list.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"500" doc:"Maximum number of items."`
	Cursor string `query:"cursor" maxLength:"64" doc:"Value of next of the previous page; absent for the first page."`
}

// IDsInput selects objects of a list by their ids.
type IDsInput struct {
	IDs []string `query:"id,explode" maxItems:"100" doc:"Only objects with one of these ids; ids that do not exist are ignored."`
}

// page decodes the cursor: the id of the last item of the previous page, encoded so that clients do not rely on it.
func (p PageInput) page() (model.Page, error) {
	page := model.Page{Limit: p.Limit}
	if p.Cursor == "" {
		return page, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(p.Cursor)
	if err == nil {
		var id uuid.UUID
		if id, err = uuid.FromBytes(raw); err == nil {
			page.After = id.String()
			return page, nil
		}
	}
	return page, invalidField("query.cursor", "is invalid: start again without a cursor")
}

// pageOutput creates the response for a page of the engine's items. After a full page there may be another one.
func pageOutput[E, T any](items []E, limit int, convert func(*E) T, id func(*E) string) *bodyOutput[api.List[T]] {
	out := &bodyOutput[api.List[T]]{Body: api.List[T]{Items: make([]T, len(items))}}
	for i := range items {
		out.Body.Items[i] = convert(&items[i])
	}
	if len(items) > 0 && len(items) >= limit {
		if last, err := uuid.Parse(id(&items[len(items)-1])); err == nil {
			out.Body.Next = base64.RawURLEncoding.EncodeToString(last[:])
		}
	}
	return out
}

// bodyOutput is a response without a revision.
type bodyOutput[T any] struct{ Body T }

// readOutput is one object with its revision.
type readOutput[T any] struct {
	ETag string `header:"ETag" doc:"The revision."`
	Body T
}

// createdOutput is an object that was just created.
type createdOutput[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag" doc:"The revision."`
	Body     T
}

// MutationInput has the parameters of every mutation.
type MutationInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"Repeated within 24 hours, it returns the first response."`
}

// CreateInput has the parameters of the operations that create an object.
type CreateInput struct {
	MutationInput
	RunID string `header:"Riva-Run-Id" maxLength:"64" doc:"Identifies the run of the client, such as one process."`
}

// createDescription describes what the operations that create an object have in common.
const createDescription = "A name that is taken, regardless of letter case, is the problem name-taken with the ID of the " +
	"object.\n\nThere is one exception, for a run of the client (Riva-Run-Id) that was killed before it received the " +
	"response. Another run of the same client that sends the same request within ten minutes gets that response. Conditions " +
	"are that the first run has ended, did not confirm its responses, and that the object was not changed. Only an embedded " +
	"control plane knows that a run has ended. Two requests of one run share a response only if they have the same " +
	"Idempotency-Key."

// ChangeInput has the parameters of changes and deletions of an existing object.
type ChangeInput struct {
	MutationInput
	ID      string `path:"id" maxLength:"255"`
	IfMatch string `header:"If-Match" doc:"The ETag that was read. The request fails if the object has another one now."`
}

// revision is the revision that the caller has read; zero for any.
func (c ChangeInput) revision() (int64, error) {
	if c.IfMatch == "" || c.IfMatch == "*" {
		return 0, nil
	}
	text, ok := strings.CutPrefix(c.IfMatch, `"`)
	text, closed := strings.CutSuffix(text, `"`)
	revision, err := strconv.ParseInt(text, 10, 64)
	if !ok || !closed || err != nil || revision < 1 {
		return 0, invalidField("header.If-Match", `must be one ETag of the object, such as "3" in double quotes, or *`)
	}
	return revision, nil
}

// ObjectInput selects one object.
type ObjectInput struct {
	ID string `path:"id" maxLength:"255"`
}

func invalidField(path, message string) error {
	return &model.InvalidError{Fields: []model.InvalidField{{Path: path, Message: message}}}
}

// etag is the revision as a header.
func etag(revision int64) string { return strconv.Quote(strconv.FormatInt(revision, 10)) }
