package model

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Fault is a target system's fault as it is stored and returned to clients.
type Fault struct {
	Code       target.Code
	Message    string
	Help       []string
	Field      string
	RetryAfter time.Duration
	// Certain and Unclear say how much the fault says about the credentials, see [target.Fault].
	Certain, Unclear bool
}

// Summary is the fault on one line: its title, word for word, and the system's own message.
func (f Fault) Summary() string {
	if f.Message == "" {
		return f.Code.Title()
	}
	return f.Code.Title() + ": " + f.Message
}
