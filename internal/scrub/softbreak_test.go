package scrub_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/scrub"
)

// Titles of pages and headers are one line when they are scrubbed, so a soft line break of MIME has become a space.
func TestScrubFindsFoldedSoftBreaks(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"=68=75=6E=74=65=72= =32=2D=63=61=6E=61=72=79", "hunter2= -canar=79"} {
		if got := scrub.New("hunter2-canary").Scrub("The user said " + text + " to us"); got != "The user said *** to us" {
			t.Errorf("got %q", got)
		}
	}
}
