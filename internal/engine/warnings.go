package engine

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// warnings reports settings that are deprecated, and credentials that expire soon (zero: they do not expire).
func (e *Engine) warnings(s *target.System, settings target.Settings, expireAt time.Time) []string {
	var messages []string //nolint:prealloc // nil without warnings
	for _, warning := range s.Warnings(settings, expireAt, e.clock()) {
		messages = append(messages, warning.Message)
	}
	return messages
}

// connectionWarnings returns the warnings of a stored connection without opening its credentials. A connection of an unknown
// target system has none.
func (e *Engine) connectionWarnings(c model.Connection) []string {
	s, known := e.system(c.System)
	if !known {
		return nil
	}
	var expireAt time.Time
	if c.CredentialsExpireAt != nil {
		expireAt = *c.CredentialsExpireAt
	}
	return e.warnings(s, c.Settings, expireAt)
}
