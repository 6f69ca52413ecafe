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

// maxOrder bounds a request to the control endpoint.
const maxOrder = 64 << 10

// ReadOrder reads the JSON of a request; an empty body leaves the order as it is. If it cannot, it says why and returns
// false.
func ReadOrder(w http.ResponseWriter, r *http.Request, order any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxOrder))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(order); err != nil && !errors.Is(err, io.EOF) {
		Reply(w, http.StatusBadRequest, fmt.Errorf("read JSON: %w", err))
		return false
	}
	return true
}

// Carry serves an order: its JSON is read, it is carried out, and the stand-in's new state is the answer.
func Carry[T any](s Controlled, act func(*http.Request, T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var given T
		if ReadOrder(w, r, &given) {
			Done(w, act(r, given), s)
		}
	}
}

// Do is [Carry] for an order that names nothing in the path and always succeeds.
func Do[T any](s Controlled, act func(T)) http.HandlerFunc {
	return Carry(s, func(_ *http.Request, given T) error {
		act(given)
		return nil
	})
}

// ForUser serves an order about the user whom it names, or about everybody if it names none.
func ForUser(s Controlled, act func(user string) error) http.HandlerFunc {
	return Carry(s, func(_ *http.Request, o struct {
		User string `json:"user"`
	}) error {
		return act(o.User)
	})
}

// AddNamed serves the order to add something that has only a name; one that is not of the form is refused with words.
func AddNamed(s Controlled, form *regexp.Regexp, refusal string, add func(name string)) http.HandlerFunc {
	return Carry(s, func(_ *http.Request, o struct {
		Name string `json:"name"`
	}) error {
		if !form.MatchString(o.Name) {
			return errors.New(refusal)
		}
		add(o.Name)
		return nil
	})
}

// Throttle serves the order to throttle the next calls: how many of them, and how long the system asks to wait, which is
// as usual unless the order says.
func Throttle(s Controlled, usual time.Duration, throttled func(wait time.Duration) Fault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		order := struct {
			WaitMilliseconds int64 `json:"wait_ms"`
			Times            int   `json:"times"`
		}{WaitMilliseconds: usual.Milliseconds()}
		if ReadOrder(w, r, &order) {
			Done(w, s.Fail(throttled(time.Duration(order.WaitMilliseconds)*time.Millisecond), order.Times), s)
		}
	}
}

// Done answers an order with the stand-in's new state, or with what is wrong with the order: 404 if it is that there is
// [ErrNoSuch].
func Done(w http.ResponseWriter, err error, s Controlled) {
	switch {
	case errors.Is(err, ErrNoSuch):
		Reply(w, http.StatusNotFound, err)
	case err != nil:
		Reply(w, http.StatusBadRequest, err)
	default:
		Reply(w, http.StatusOK, s.State())
	}
}

// Reply answers with JSON; an error becomes an object that says it.
func Reply(w http.ResponseWriter, status int, value any) {
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
	_, _ = w.Write(append(body, '\n')) // only a client that is gone makes this fail
}

// Set changes a field to what an order says; nil is an order that does not name the field.
func Set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
