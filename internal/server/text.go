package server

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

const (
	notUTF8     = "is not valid UTF-8"
	containsNUL = "contains a NUL character"
)

// textProblem returns the problem of a request whose path, query or headers have text that PostgreSQL cannot store: NUL
// characters and invalid UTF-8. SQLite can store it, but both databases must accept the same requests. Otherwise it
// returns nil. [unmarshalStrictly] checks the body.
func textProblem(r *http.Request) *api.Problem {
	p := &api.Problem{
		Type: api.ProblemTypePrefix + api.ProblemInvalid, Title: "The request is not valid", Status: http.StatusBadRequest,
	}
	check := func(path, text string) {
		if mistake := textMistake(text); mistake != "" {
			p.Errors = append(p.Errors, api.ProblemError{Path: strings.ToValidUTF8(path, "\uFFFD"), Message: mistake})
		}
	}
	check("path", r.URL.Path)
	for name, values := range r.URL.Query() {
		check("query", name)
		for _, value := range values {
			check("query."+name, value)
		}
	}
	for name, values := range r.Header {
		for _, value := range values {
			check("header."+name, value)
		}
	}
	if len(p.Errors) == 0 {
		return nil
	}
	p.Detail = summary(p.Errors)
	return p
}

// textMistake says why not every database can store the text. It is empty if every one can.
func textMistake(text string) string {
	switch {
	case !utf8.ValidString(text):
		return notUTF8
	case strings.ContainsRune(text, 0):
		return containsNUL
	}
	return ""
}
