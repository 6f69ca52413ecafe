package api

import (
	"encoding/json"
	"net/url"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// Limits of what is shown of a response. The control plane of this project stays below them.
const (
	maxText   = 500  // characters
	maxDetail = 4000 // characters: a detail can list all wrong fields of a request, or all policies that use a connection
	maxName   = 200  // characters of a name, an identifier or a path
	maxSteps  = 20   // help steps and warnings
	maxListed = 100  // wrong fields, policies and checks

	// maxScrubbed is how many bytes of text are searched in one response, since that takes time: more than a page of the longest
	// sync logs has. Further texts are withheld.
	maxScrubbed = 1 << 20
)

// foreign makes the words of a response safe to show, to log and to store in a state: the control plane may be hostile, and a
// proxy can repeat the request. It masks the secrets that the client has sent, makes one line of each text and limits its
// length. The data of a response, such as names and settings, stays as it is.
type foreign struct {
	// scrubber is created for the first text: most responses have none.
	scrubber func() scrub.Scrubber
	// scrubbed has the results, since the faults of a list have the same help.
	scrubbed map[unscrubbed]string
	// left is the part of maxScrubbed that is left.
	left *int
}

type unscrubbed struct {
	text  string
	limit int
}

// wordy is a response with words for people.
type wordy interface{ scrubWords(f foreign) }

// foreignTo returns what scrubs the response to a request: it knows the tokens, the client secret and the credentials in the
// body.
func (c *Client) foreignTo(body []byte) foreign {
	left := maxScrubbed
	return foreign{
		left:     &left,
		scrubber: sync.OnceValue(func() scrub.Scrubber { return scrub.New(c.secretsIn(body)...) }),
		scrubbed: map[unscrubbed]string{},
	}
}

func (c *Client) secretsIn(body []byte) []string {
	var sent struct {
		Credentials map[string]string
		Comparisons []struct{ Credentials map[string]string }
	}
	_ = json.Unmarshal(body, &sent) // the body of another request has no credentials
	var secrets []string
	for _, secret := range sent.Credentials {
		secrets = append(secrets, secret)
	}
	for _, comparison := range sent.Comparisons {
		for _, secret := range comparison.Credentials {
			secrets = append(secrets, secret)
		}
	}
	if c.tokens != nil {
		secrets = append(secrets, c.tokens.secrets()...)
	}
	return secrets
}

// line returns a text as one line without the secrets, and not longer than the limit.
func (f foreign) line(text string, limit int) string {
	if text == "" {
		return ""
	}
	key := unscrubbed{text, limit}
	line, ok := f.scrubbed[key]
	switch {
	case ok:
	case *f.left < len(text):
		line = scrub.Withheld
	default:
		*f.left -= len(text)
		line = f.scrubber().ScrubTo(text, limit)
		f.scrubbed[key] = line
	}
	return line
}

// err returns an error with a scrubbed text: errors of the network and of decoders quote what was received.
func (f foreign) err(cause error) error {
	shown := cause
	// An address is not foreign, and errors of the client name it already.
	for inner, ok := shown.(*url.Error); ok; inner, ok = shown.(*url.Error) { //nolint:errorlint // only the outermost
		shown = inner.Err
	}
	return &foreignError{text: f.line(shown.Error(), maxText), cause: cause}
}

// foreignError is an error with another text.
type foreignError struct {
	text  string
	cause error
}

func (e *foreignError) Error() string { return e.text }

// Unwrap returns the cause. Its text is not scrubbed.
func (e *foreignError) Unwrap() error { return e.cause }

func (f foreign) scrub(texts ...*string) {
	for _, text := range texts {
		*text = f.line(*text, maxText)
	}
}

// scrubNames is for identifiers, paths and names.
func (f foreign) scrubNames(texts ...*string) {
	for _, text := range texts {
		*text = f.line(*text, maxName)
	}
}

func (f foreign) scrubSteps(texts *[]string) {
	limit(texts, maxSteps)
	for i := range *texts {
		f.scrub(&(*texts)[i])
	}
}

// limit cuts a list.
func limit[T any](list *[]T, length int) { *list = (*list)[:min(len(*list), length)] }
