package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"time"
)

// maxControlRequest is the size limit of a request to the control endpoint.
const maxControlRequest = 64 << 10

// ReadRequest reads the JSON of a request into value. An empty body leaves value unchanged. If the JSON is invalid, it
// writes an error response and returns false.
func ReadRequest(w http.ResponseWriter, r *http.Request, value any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(value); err != nil && !errors.Is(err, io.EOF) {
		WriteJSON(w, http.StatusBadRequest, fmt.Errorf("read JSON: %w", err))
		return false
	}
	return true
}

// HandleJSON reads the JSON of a request, calls act and returns the new state of the stand-in.
func HandleJSON[T any](s Controlled, act func(*http.Request, T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var body T
		if ReadRequest(w, r, &body) {
			WriteResult(w, act(r, body), s)
		}
	}
}

// HandleSimple is [HandleJSON] for a change that needs nothing from the path and cannot fail.
func HandleSimple[T any](s Controlled, act func(T)) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, body T) error {
		act(body)
		return nil
	})
}

// HandleUser calls act with the user of the request. Without a user the change is for all users.
func HandleUser(s Controlled, act func(user string) error) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, body struct {
		User string `json:"user"`
	}) error {
		return act(body.User)
	})
}

// HandleAdd adds something that has only a name. A name that does not match form is rejected with the text invalid.
func HandleAdd(s Controlled, form *regexp.Regexp, invalid string, add func(name string)) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, body struct {
		Name string `json:"name"`
	}) error {
		if !form.MatchString(body.Name) {
			return errors.New(invalid)
		}
		add(body.Name)
		return nil
	})
}

// HandleThrottle throttles the next calls. The request contains their number and how long the system asks clients to
// wait; the default is defaultWait.
func HandleThrottle(
	s Controlled, defaultWait time.Duration, throttled func(wait time.Duration) Fault,
) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body := struct {
			WaitMilliseconds int64 `json:"wait_ms"`
			Times            int   `json:"times"`
		}{WaitMilliseconds: defaultWait.Milliseconds()}
		if ReadRequest(w, r, &body) {
			WriteResult(w, s.Fail(throttled(time.Duration(body.WaitMilliseconds)*time.Millisecond), body.Times), s)
		}
	}
}

// WriteResult returns the new state of the stand-in. If the change failed, it returns the error with 400, or with 404
// for [ErrNotFound].
func WriteResult(w http.ResponseWriter, err error, s Controlled) {
	switch {
	case errors.Is(err, ErrNotFound):
		WriteJSON(w, http.StatusNotFound, err)
	case err != nil:
		WriteJSON(w, http.StatusBadRequest, err)
	default:
		WriteJSON(w, http.StatusOK, s.State())
	}
}

// WriteJSON writes value as JSON. An error is written as an object with its text.
func WriteJSON(w http.ResponseWriter, status int, value any) {
	if err, ok := value.(error); ok {
		value = map[string]string{"error": err.Error()}
	}
	body, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(body, '\n')) // fails only if the client has disconnected
}

// Set sets a field to a value of a request. It does nothing for nil: the request does not contain the field.
func Set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
