package ews

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// Change is an order to change an account: what it does not name stays.
type Change struct {
	Password        *string              `json:"password"`
	PasswordExpires *time.Time           `json:"password_expires"`
	Email           *string              `json:"email"`
	Locked          *bool                `json:"locked"`
	Disabled        *bool                `json:"disabled"`
	Mailbox         *bool                `json:"mailbox"`
	Impersonation   *bool                `json:"impersonation"`
	FullAccess      *bool                `json:"full_access"`
	Delegates       *map[string][]string `json:"delegates"`
	Calendar        *bool                `json:"calendar"`
	Contacts        *bool                `json:"contacts"`
	Mail            *bool                `json:"mail"`
}

// Apply makes the change.
func (c Change) Apply(a *Account) {
	sandbox.Set(&a.Password, c.Password)
	sandbox.Set(&a.PasswordExpires, c.PasswordExpires)
	sandbox.Set(&a.Email, c.Email)
	sandbox.Set(&a.Locked, c.Locked)
	sandbox.Set(&a.Disabled, c.Disabled)
	sandbox.Set(&a.Mailbox, c.Mailbox)
	sandbox.Set(&a.Impersonation, c.Impersonation)
	sandbox.Set(&a.FullAccess, c.FullAccess)
	sandbox.Set(&a.Delegates, c.Delegates)
	sandbox.Set(&a.Calendar, c.Calendar)
	sandbox.Set(&a.Contacts, c.Contacts)
	sandbox.Set(&a.Mail, c.Mail)
}
