package ews

import (
	"context"
	"errors"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// explainUser adds the reason why a user was not found. Exchange returns the same error whether no user has the address, only
// an alias has it, or several users have it, so the directory is read. If that fails, the first fault is returned.
func (c *Client) explainUser(ctx context.Context, user string, err error) error {
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.UserNotFound {
		return err
	}
	found, lookup := c.resolve(ctx, user)
	if lookup != nil {
		return err
	}
	explained := *fault
	switch {
	case len(found) == 0:
		explained.Message = target.Say("No mailbox has the address %s. %s", user, fault.Message)
	case len(found) > 1:
		explained.Message = target.Say("%d recipients match %s: %s.", len(found), user, strings.Join(found, ", "))
	case !strings.EqualFold(found[0], user):
		explained.Message = target.Say("%s is not the primary address of that user; use %s. %s", user, found[0], fault.Message)
	}
	return &explained
}

// resolve lists the primary addresses of the recipients that have the address.
func (c *Client) resolve(ctx context.Context, address string) ([]string, error) {
	response, err := c.call(ctx, resolveNames{Entry: "smtp:" + address}, c.Anchor)
	var systemErr *call.SystemError
	if errors.As(err, &systemErr) && (systemErr.Code == errorNoResults || systemErr.Code == errorMultipleResults) {
		return response.Addresses, nil // a result, although EWS reports an error
	}
	if err != nil {
		return nil, err
	}
	return response.Addresses, nil
}
