package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// bookServer is a stand-in for one book, with the methods that a control request needs.
type bookServer struct {
	sandbox.Controlled
	book book
}

type book struct {
	Title string   `json:"title"`
	Tags  []string `json:"tags,omitempty"`
	Pages int      `json:"-" patch:"pages"`
	ISBN  string   `json:"-"`
}

func (s *bookServer) State() any { return s.book }

func (s *bookServer) update(title string, change func(*book)) error {
	var found *book
	if title == s.book.Title {
		found = &s.book
	}
	return sandbox.Change(found, fmt.Errorf("%w book", sandbox.ErrNotFound), title, change)
}

func TestPatch(t *testing.T) {
	t.Parallel()
	for request, tc := range map[string]struct {
		status int
		body   string
		want   string
	}{
		``:                                {200, `"title"`, "{Notes [a b] 10 }"},
		`{"title":"Sketches"}`:            {200, "Sketches", "{Sketches [a b] 10 }"},
		`{"PAGES":11,"tags":null}`:        {200, `"Notes"`, "{Notes [a b] 11 }"},
		`{"tags":["c"]}`:                  {200, `"c"`, "{Notes [c] 10 }"},
		`{"tags":[]}`:                     {200, `"Notes"`, "{Notes [] 10 }"},
		`{"title":"Sketches","odd":1}`:    {400, `unknown field \"odd\"`, "{Notes [a b] 10 }"},
		`{"title":"Sketches","pages":""}`: {400, `field \"pages\"`, "{Notes [a b] 10 }"},
		`{"isbn":"1"}`:                    {400, `unknown field \"isbn\"`, "{Notes [a b] 10 }"},
		`{"-":"1"}`:                       {400, `unknown field \"-\"`, "{Notes [a b] 10 }"},
		`["title"]`:                       {400, "read JSON", "{Notes [a b] 10 }"},
	} {
		t.Run(request, func(t *testing.T) {
			t.Parallel()
			tags := []string{"a", "b"}
			s := &bookServer{book: book{Title: "Notes", Tags: tags, Pages: 10}}
			mux := http.NewServeMux()
			mux.Handle("PATCH /books/{name}", sandbox.PatchNamed(s, s.update))
			recorder := httptest.NewRecorder()
			mux.ServeHTTP(recorder, httptest.NewRequest(http.MethodPatch, "/books/Notes", strings.NewReader(request)))
			if recorder.Code != tc.status || !strings.Contains(recorder.Body.String(), tc.body) || fmt.Sprint(s.book) != tc.want {
				t.Errorf("%d %s: %v, want %d %s", recorder.Code, recorder.Body, s.book, tc.status, tc.want)
			}
			if !slices.Equal(tags, []string{"a", "b"}) {
				t.Errorf("the initial tags of the book are now %v", tags)
			}
		})
	}
}

func TestPatchOfMissingBook(t *testing.T) {
	t.Parallel()
	s := &bookServer{}
	mux := http.NewServeMux()
	mux.Handle("PATCH /books/{name}", sandbox.PatchNamed(s, s.update))
	recorder := httptest.NewRecorder()
	mux.ServeHTTP(recorder, httptest.NewRequest(http.MethodPatch, "/books/Notes", strings.NewReader(`{"pages":1}`)))
	if recorder.Code != http.StatusNotFound || !strings.Contains(recorder.Body.String(), `no such book: \"Notes\"`) {
		t.Errorf("%d %s", recorder.Code, recorder.Body)
	}
}
