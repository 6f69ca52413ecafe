package model

import (
	"errors"
	"fmt"
	"strings"
	"time"
)

// Sentinels for errors.Is.
var (
	// ErrNotFound: the object does not exist.
	ErrNotFound = errors.New("not found")
	// ErrNameTaken: the name or email address belongs to another object.
	ErrNameTaken = errors.New("name is taken")
	// ErrRevision: another client changed the object since the caller read it.
	ErrRevision = errors.New("changed since it was read")
	// ErrIdempotencyKey: the key was used for another request.
	ErrIdempotencyKey = errors.New("idempotency key was used for another request")
	// ErrCycleRunning: a full sync cycle of the policy is running.
	ErrCycleRunning = errors.New("a full sync cycle of the policy is running")
	// ErrCycleLost: the cycle ended, or another process runs it.
	ErrCycleLost = errors.New("the cycle ended or is run by another process")
	// ErrSealed: stored credentials cannot be opened with this keyset and these settings.
	ErrSealed = errors.New("stored credentials cannot be opened")
	// ErrNoCredentials: the connection has no credentials to sign in with.
	ErrNoCredentials = errors.New("the connection has no credentials")
)

// NameTakenError reports which object has the name. It is an ErrNameTaken.
type NameTakenError struct {
	// Object is "connection", "sync policy" or "user".
	Object string
	Name   string
	ID     string
}

func (e *NameTakenError) Error() string {
	return fmt.Sprintf("a %s named %q exists already (id %s)", e.Object, e.Name, e.ID)
}

// Is makes it an ErrNameTaken.
func (e *NameTakenError) Is(err error) bool { return err == ErrNameTaken }

// FileReplacedError means that the file of the database is no longer the one that was opened: it was deleted, moved or replaced.
// What is written after that is not in the file at the path.
type FileReplacedError struct {
	// Path is the path of the database.
	Path string
}

func (e *FileReplacedError) Error() string {
	return fmt.Sprintf("the database file %s was deleted, moved or replaced while it was in use, so nothing that was written "+
		"since then is in it: put the file back, or run the command again", e.Path)
}

// CycleRunningError reports the running cycle that prevents the next one of its policy. It is an ErrCycleRunning.
type CycleRunningError struct {
	PolicyName string
	StartedAt  time.Time
	// StaleAt is when another process can take over the cycle, unless its lease is renewed before.
	StaleAt time.Time
}

func (e *CycleRunningError) Error() string {
	// Rounded up, since it is the time of the next attempt.
	staleAt := e.StaleAt.Add(time.Second - 1).Truncate(time.Second)
	return fmt.Sprintf("a full sync cycle of the sync policy %q has been running since %s: try again when it has ended; "+
		"if its process has stopped, the next request continues it from %s on",
		e.PolicyName, e.StartedAt.UTC().Format(time.RFC3339), staleAt.UTC().Format(time.RFC3339))
}

// Is makes it an ErrCycleRunning.
func (e *CycleRunningError) Is(err error) bool { return err == ErrCycleRunning }

// InvalidError lists the invalid fields of a request.
type InvalidError struct{ Fields []InvalidField }

// InvalidField is one wrong value.
type InvalidField struct {
	// Path is the place of the field in the request, such as "settings.ews_url" or "credentials.password".
	Path string
	// Message is one or two sentences that name the field and say what to write instead. It never contains a secret.
	Message string
}

func (e *InvalidError) Error() string {
	messages := make([]string, len(e.Fields))
	for i, p := range e.Fields {
		messages[i] = p.Message
	}
	return strings.Join(messages, " ")
}

// FaultError reports that a request failed because of a fault of a target system.
type FaultError struct {
	Fault Fault
	// Remembered means that the target system was not contacted: the fault is the result of an earlier sign-in.
	Remembered bool
	// RevalidationID is the re-validation that failed; empty for other requests.
	RevalidationID string
}

// Error starts with the fault's title, word for word.
func (e *FaultError) Error() string { return e.Fault.Summary() }

// CredentialsRequiredError means that a change of these fields requires the credentials in the same request, since stored
// credentials are bound to what decides where and how they are sent.
type CredentialsRequiredError struct{ Fields []string }

func (e *CredentialsRequiredError) Error() string {
	return fmt.Sprintf("a change of %s requires the credentials in the same request: "+
		"stored credentials are bound to the settings that decide where and how they are sent", strings.Join(e.Fields, ", "))
}

// PolicyInUseError reports that users are assigned to a sync policy, which therefore cannot be deleted.
type PolicyInUseError struct {
	Name string
	// Users are the first of them, and Total is how many there are.
	Users []User
	Total int
}

func (e *PolicyInUseError) Error() string {
	emails := make([]string, len(e.Users))
	for i, u := range e.Users {
		emails[i] = u.Email
	}
	list := strings.Join(emails, ", ")
	if more := e.Total - len(e.Users); more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	return fmt.Sprintf("the sync policy %q cannot be deleted while users are assigned to it: %s; "+
		"first assign them to another sync policy or to none, or delete them", e.Name, list)
}

// InUseError reports why a connection cannot be deleted.
type InUseError struct {
	Name     string
	Uses     []Use
	Policies []PolicyReference
	// FirstAt is when a cycle first used the connection; zero if only enabled policies name it.
	FirstAt time.Time
}

func (e *InUseError) Error() string {
	reasons := make([]string, 0, len(e.Uses)+len(e.Policies))
	for _, u := range e.Uses {
		reasons = append(reasons, fmt.Sprintf("the sync policy %q has used it since %s",
			u.PolicyName, u.FirstAt.UTC().Format(time.RFC3339)))
	}
	for _, p := range e.Policies {
		reasons = append(reasons, fmt.Sprintf("the sync policy %q, which is enabled, names it", p.Name))
	}
	next := "contact the Riva Success Team"
	if len(e.Uses) == 0 {
		next = "disable the sync policy or take the connection out of it first, or " + next
	}
	return fmt.Sprintf("the connection %q cannot be deleted: %s; %s", e.Name, strings.Join(reasons, ", and "), next)
}
