package model

import "time"

// User is a person in the User Manager.
type User struct {
	ID             string
	Email          string
	DisplayName    string
	Enabled        bool
	Revision       int64
	CreatedAt      time.Time
	LastModifiedAt time.Time
}

// NewUser asks for a user to be made.
type NewUser struct {
	Email       string
	DisplayName string
	Enabled     bool
}

// UserChange asks for a change of a user. Nil members stay as they are.
type UserChange struct {
	Email       *string
	DisplayName *string
	Enabled     *bool
	Revision    int64
}

// UserFilter narrows a list of users. Empty members match everything.
type UserFilter struct {
	Email   string
	Enabled *bool
}
