package engine

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// warnings say what works today and will not for long, of settings and of credentials that end at a time (zero: never).
func (e *Engine) warnings(s *target.System, settings target.Settings, expireAt time.Time) []string {
	var messages []string
	for _, warning := range s.Warnings(settings, expireAt, e.clock()) {
		messages = append(messages, warning.Message)
	}
	return messages
}

// connectionWarnings are those of a stored connection, told without opening its credentials; none if its system is not known.
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
