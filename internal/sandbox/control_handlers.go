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

// maxControlRequest bounds a request to the control endpoint.
const maxControlRequest = 64 << 10

// ReadRequest reads the JSON of a request; an empty body leaves the order as it is. If it cannot, it says why and returns
// false.
func ReadRequest(w http.ResponseWriter, r *http.Request, order any) bool {
	decoder := json.NewDecoder(http.MaxBytesReader(w, r.Body, maxControlRequest))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(order); err != nil && !errors.Is(err, io.EOF) {
		WriteJSON(w, http.StatusBadRequest, fmt.Errorf("read JSON: %w", err))
		return false
	}
	return true
}

// HandleJSON serves an order: its JSON is read, it is carried out, and the stand-in's new state is the answer.
func HandleJSON[T any](s Controlled, act func(*http.Request, T) error) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		var given T
		if ReadRequest(w, r, &given) {
			WriteResult(w, act(r, given), s)
		}
	}
}

// HandleSimple is [HandleJSON] for an order that names nothing in the path and always succeeds.
func HandleSimple[T any](s Controlled, act func(T)) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, given T) error {
		act(given)
		return nil
	})
}

// HandleUser serves an order about the user whom it names, or about everybody if it names none.
func HandleUser(s Controlled, act func(user string) error) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, o struct {
		User string `json:"user"`
	}) error {
		return act(o.User)
	})
}

// HandleAdd serves the order to add something that has only a name; one that is not of the form is refused with words.
func HandleAdd(s Controlled, form *regexp.Regexp, refusal string, add func(name string)) http.HandlerFunc {
	return HandleJSON(s, func(_ *http.Request, o struct {
		Name string `json:"name"`
	}) error {
		if !form.MatchString(o.Name) {
			return errors.New(refusal)
		}
		add(o.Name)
		return nil
	})
}

// HandleThrottle serves the order to throttle the next calls: how many of them, and how long the system asks to wait, which is
// as usual unless the order says.
func HandleThrottle(s Controlled, usual time.Duration, throttled func(wait time.Duration) Fault) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		order := struct {
			WaitMilliseconds int64 `json:"wait_ms"`
			Times            int   `json:"times"`
		}{WaitMilliseconds: usual.Milliseconds()}
		if ReadRequest(w, r, &order) {
			WriteResult(w, s.Fail(throttled(time.Duration(order.WaitMilliseconds)*time.Millisecond), order.Times), s)
		}
	}
}

// WriteResult answers an order with the stand-in's new state, or with what is wrong with the order: 404 if it is that there is
// [ErrNotFound].
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

// WriteJSON answers with JSON; an error becomes an object that says it.
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
	_, _ = w.Write(append(body, '\n')) // only a client that is gone makes this fail
}

// Set changes a field to what an order says; nil is an order that does not name the field.
func Set[T any](field, value *T) {
	if value != nil {
		*field = *value
	}
}
