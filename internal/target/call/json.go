package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
)

// maxDepth limits the nesting of responses. Those of the systems here have a handful of levels.
const maxDepth = 64

// ErrTruncated is a response that ends before it is complete.
var ErrTruncated = errors.New("incomplete")

// errEmpty is a response without any text.
var errEmpty = errors.New("empty")

// DecodeJSON decodes a response in JSON, as [TrimJSON] returns it. It returns an error for deep nesting, for unexpected types and
// for anything after the document but messages of PHP. Its errors complete the sentence "The response is …" (see
// [Classifier.UnusableResponse]).
func DecodeJSON(body []byte, into any) error {
	body = TrimJSON(body)
	decoder := json.NewDecoder(bytes.NewReader(body))
	if err := decode(decoder, body, into); err != nil {
		return err
	}
	if rest := withoutNotices(body[decoder.InputOffset():]); len(bytes.TrimSpace(rest)) > 0 {
		return errors.New("more than one JSON document")
	}
	return nil
}

// DecodeError is [DecodeJSON] for the response of a failed call. It ignores the text after the document: a script that fails can
// print more before it ends.
func DecodeError(body []byte, into any) error {
	body = TrimJSON(body)
	return decode(json.NewDecoder(bytes.NewReader(body)), body, into)
}

// decode decodes the first document of a text.
func decode(decoder *json.Decoder, body []byte, into any) error {
	if nestedTooDeep(body) {
		return fmt.Errorf("nested more than %d levels deep, which is not allowed", maxDepth)
	}
	err := decoder.Decode(into)
	_, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, io.EOF):
		return errEmpty
	case mistyped:
		return errors.New("JSON of an unexpected form")
	case err != nil:
		return errors.New("not JSON")
	}
	return nil
}

// maxTexts limits the texts of a response of unknown form.
const maxTexts = 20

// reasonNames are parts of the names of members that contain a reason, in lower case. Others may contain tokens.
var reasonNames = []string{"message", "error", "detail", "description", "reason", "title", "text", "fault", "status"}

// isReason reports whether a member of this name can be shown. The elements of a list have the name of the list.
func isReason(name string) bool {
	name = strings.ToLower(name)
	return name == "" || slices.ContainsFunc(reasonNames, func(part string) bool { return strings.Contains(name, part) })
}

// textsInJSON returns the first reasons in a document of unknown form, without the names of their members.
func textsInJSON(document []byte) []string {
	if nestedTooDeep(document) {
		return nil
	}
	type level struct {
		object bool
		name   string
	}
	var texts []string
	levels, isName := []level{{}}, false // isName: the next token is a name
	decoder := json.NewDecoder(bytes.NewReader(document))
	for len(texts) < maxTexts {
		token, err := decoder.Token()
		if err != nil {
			break
		}
		last := &levels[len(levels)-1]
		wasName := isName
		switch token := token.(type) {
		case json.Delim:
			if wasName = false; token == '{' || token == '[' {
				levels = append(levels, level{object: token == '{', name: last.name})
			} else {
				levels = levels[:len(levels)-1]
			}
		case string:
			if isName {
				last.name = token
			} else if token != "" && isReason(last.name) {
				texts = append(texts, token)
			}
		}
		isName = !wasName && levels[len(levels)-1].object
	}
	return texts
}

// nestedTooDeep checks the brackets outside of strings only: the decoder finds all other errors.
func nestedTooDeep(text []byte) bool {
	depth, quoted, escaped := 0, false, false
	for _, c := range text {
		switch {
		case escaped:
			escaped = false
		case quoted:
			quoted, escaped = c != '"', c == '\\'
		case c == '"':
			quoted = true
		case c == '{', c == '[':
			if depth++; depth > maxDepth {
				return true
			}
		case c == '}', c == ']':
			depth--
		}
	}
	return false
}
