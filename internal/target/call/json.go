package call

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// maxDepth is how deep answers in JSON may be nested. Those of the systems here have a handful of levels.
const maxDepth = 64

// ErrTruncated is an answer that ends before it is complete.
var ErrTruncated = errors.New("incomplete")

// DecodeJSON reads an answer in JSON. It trusts nothing: deep nesting, other types than expected and anything behind the
// document are errors. They complete the sentence "The answer is …" (see [Classifier.UnusableResponse]).
func DecodeJSON(body []byte, into any) error {
	if nestedTooDeep(body) {
		return fmt.Errorf("nested more than %d levels deep, which is refused", maxDepth)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	err := decoder.Decode(into)
	_, mistyped := errors.AsType[*json.UnmarshalTypeError](err)
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF):
		return ErrTruncated
	case errors.Is(err, io.EOF):
		return errors.New("empty")
	case mistyped:
		return errors.New("JSON of another form than expected")
	case err != nil:
		return errors.New("not JSON")
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return errors.New("more than one JSON document")
	}
	return nil
}

// nestedTooDeep looks at brackets outside of strings only: what else is wrong with the text is the decoder's to find.
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
