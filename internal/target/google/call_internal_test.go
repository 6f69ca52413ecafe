package google

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// By default, each API has its own host at Google.
func TestAPIAddresses(t *testing.T) {
	t.Parallel()
	for of, host := range map[api]string{
		gmail: "https://gmail.googleapis.com", calendar: "https://www.googleapis.com", people: "https://people.googleapis.com",
		directory: "https://admin.googleapis.com",
	} {
		if got := of.baseURL(target.Settings{}); got != host {
			t.Errorf("got %s, want %s", got, host)
		}
		if got := of.baseURL(target.Settings{apiURL: "https://Google.example.com/v/"}); got != "https://google.example.com/v" {
			t.Errorf("got %s", got)
		}
	}
}
