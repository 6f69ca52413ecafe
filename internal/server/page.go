package server

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/google/uuid"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// The inputs that operations share are exported for the library only: it looks for parameters in nothing else.

// PageInput is the place in a list that a request asks for.
type PageInput struct {
	Limit  int    `query:"limit" minimum:"1" maximum:"500" default:"500" doc:"Largest number of items to answer."`
	Cursor string `query:"cursor" maxLength:"64" doc:"The next of the page before; absent for the first."`
}

// page checks the cursor: it is the id of the last item seen, which is nobody's business.
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
	return page, invalidField("query.cursor", "is none that this control plane gave out: begin again without a cursor")
}

// pageOutput makes an answer of a page of the engine's items. A full page may have a successor.
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

// bodyOutput is an answer without a revision.
type bodyOutput[T any] struct{ Body T }

// readOutput is one object with its revision.
type readOutput[T any] struct {
	ETag string `header:"ETag" doc:"The revision."`
	Body T
}

// createdOutput is an object that was just made.
type createdOutput[T any] struct {
	Location string `header:"Location"`
	ETag     string `header:"ETag" doc:"The revision."`
	Body     T
}

// MutationInput is what every mutation takes.
type MutationInput struct {
	IdempotencyKey string `header:"Idempotency-Key" maxLength:"255" doc:"Within 24 hours, a repeat under it gets the first answer."`
}

// ChangeInput is what changes and deletions of an existing object take.
type ChangeInput struct {
	MutationInput
	ID      string `path:"id" maxLength:"255"`
	IfMatch string `header:"If-Match" doc:"The ETag that was read: the request is refused if it is no longer the object's."`
}

// revision is the one that the caller has seen; zero if any will do.
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

// ObjectInput is a read of one object.
type ObjectInput struct {
	ID string `path:"id" maxLength:"255"`
}

func invalidField(path, message string) error {
	return &model.InvalidError{Fields: []model.InvalidField{{Path: path, Message: message}}}
}

// etag is the revision as a header.
func etag(revision int64) string { return strconv.Quote(strconv.FormatInt(revision, 10)) }
