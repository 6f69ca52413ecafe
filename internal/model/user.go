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

// NewUser is a request to create a user.
type NewUser struct {
	Email       string
	DisplayName string
	Enabled     bool
}

// UserChange is a request to change a user. Nil members are not changed.
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
