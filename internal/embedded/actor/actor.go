// Package actor finds out who runs this process, for the audit trail of the embedded control plane: the user of the operating
// system and the host, and in a pipeline its name, the run and the person or rule that started it.
//
// The answer is only as good as the machine: who can run programs can also set environment variables. It names the run to look
// up in the pipeline's own records. It never contains a secret: only documented variables with names and numbers are read.
package actor

import (
	"cmp"
	"os"
	"os/user"
	"strings"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

const (
	// maxValue is the length of the longest value that is shown as a whole, in characters.
	maxValue = 80
	// MaxLength is the length of the longest result, in characters.
	MaxLength = 400
)

// Current describes who runs this process. It does not change while the process runs.
var Current = sync.OnceValue(func() string {
	host, err := os.Hostname()
	if err != nil {
		host = ""
	}
	return Describe(currentUser(), host, os.Getenv)
})

// currentUser is the user of the operating system; empty if it is not known, as in a container without a user database.
func currentUser() string {
	if current, err := user.Current(); err == nil && current.Username != "" {
		return current.Username
	}
	for _, variable := range []string{"USER", "USERNAME"} {
		if name := os.Getenv(variable); name != "" {
			return name
		}
	}
	return ""
}

// Describe combines the user, the host and the variables of a pipeline into one line, such as
//
//	runner@build-7; GitHub Actions: repository example/infra, workflow apply, run 4242, actor ada
//
// A part that is not known is left out. Control characters are escaped, and long values end with an ellipsis.
func Describe(userName, host string, getenv func(string) string) string {
	who := cmp.Or(clean(userName), "unknown user")
	if host = clean(host); host != "" {
		who += "@" + host
	}
	if details := describePipeline(getenv); details != "" {
		who += "; " + details
	}
	return shorten(who, MaxLength)
}

// clean makes a value safe for one line of text.
func clean(value string) string {
	value = strings.Join(strings.Fields(value), " ")
	return scrub.Visible(shorten(value, maxValue))
}

// shorten cuts a text after a number of characters.
func shorten(text string, limit int) string {
	if runes := []rune(text); len(runes) > limit {
		return string(runes[:limit-1]) + "…"
	}
	return text
}
