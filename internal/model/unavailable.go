package model

import (
	"fmt"
	"strings"
)

// UnavailableError means that the server of the database did not answer in time, or that the connection to it was lost. If the
// connection was lost during a commit, it is not known whether the transaction was stored.
type UnavailableError struct {
	// Place is the database, without user and password.
	Place string
	// Reason completes the sentence "the database …".
	Reason string
	// Err is the error of the driver. It contains no data of the database.
	Err error
}

func (e *UnavailableError) Error() string {
	cause := strings.Join(strings.Fields(e.Err.Error()), " ") // the driver writes lines
	return fmt.Sprintf("the database %s %s: try again later (%s)", e.Place, e.Reason, cause)
}

// Unwrap returns the error of the driver.
func (e *UnavailableError) Unwrap() error { return e.Err }
