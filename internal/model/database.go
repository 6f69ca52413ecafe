package model

import "fmt"

// DatabaseError means that the server of the database refuses what this program requires, such as a login or a right. It does not
// pass by itself. A transaction that fails with it has stored nothing.
type DatabaseError struct {
	// Place is the database, without user and password.
	Place string
	// Reason completes the sentence "the database …", and says what to do.
	Reason string
	// Err is the error of the driver. It contains no data of the database.
	Err error
}

func (e *DatabaseError) Error() string { return fmt.Sprintf("the database %s %s", e.Place, e.Reason) }

// Unwrap returns the error of the driver.
func (e *DatabaseError) Unwrap() error { return e.Err }
