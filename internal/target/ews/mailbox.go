package ews

import (
	"context"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// maxIDSize limits an identifier that is sent back to the server. Real ones have about 150 characters.
const maxIDSize = 2000

// SignIn opens the root folder of the account's mailbox, or of the anchor's for an application, and returns the primary
// address of that mailbox. Its errors are *[target.Fault].
func (c *Client) SignIn(ctx context.Context) (string, error) {
	var err error
	c.mailbox, err = c.whoAmI(ctx, c.Anchor)
	return c.mailbox, c.explainAccount(err)
}

// explainAccount adds to a fault that the mailbox of the account itself does not exist.
func (c *Client) explainAccount(err error) error {
	fault, ok := target.AsFault(err)
	if !ok || fault.Code != target.UserNotFound || c.Anchor != "" {
		return err
	}
	explained := *fault
	explained.Field = c.AccountField
	if row, ok := c.Classifier.Errors.Find(errorMissingEmailAddress, ""); ok {
		explained.Hint = row.Help
	}
	return &explained
}

// whoAmI returns the primary address of the mailbox of the account or, impersonating a user, of that user. It is converted from
// the identifier of a folder.
func (c *Client) whoAmI(ctx context.Context, user string) (string, error) {
	root, err := c.call(ctx, getFolder{Shape: "IdOnly", Folder: folder{ID: "root"}}, user)
	if err != nil {
		return "", err
	}
	if len(root.Folders.Folders) == 0 || len(root.Folders.Folders[0].ID.ID) > maxIDSize {
		return "", c.Classifier.UnexpectedResponse("The response names no folder.")
	}
	id := alternateID{Format: "EwsId", ID: root.Folders.Folders[0].ID.ID, Mailbox: "anyone@example.com"}
	converted, err := c.call(ctx, convertID{Destination: "EwsId", Source: id}, user)
	if err != nil {
		return "", err
	}
	if converted.AlternateID.Mailbox == "" {
		return "", c.Classifier.UnexpectedResponse("The response names no mailbox.")
	}
	return converted.AlternateID.Mailbox, nil
}
