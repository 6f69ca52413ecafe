package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Controlled is a stand-in that the control endpoint can change.
type Controlled interface {
	// Name is the name of the target system. The routes of the stand-in begin with it.
	Name() string
	// Routes adds the routes that only this system has.
	Routes(mux *http.ServeMux)
	// State describes the stand-in, without secrets.
	State() any

	// Title is the display name and the protocols, in one line: "Microsoft Exchange, with Basic and NTLM".
	Title() string
	// Variables are the values that a configuration needs to sign in as the service account, in reading order: address,
	// user, secrets, certificate authority. They include the values of the alternative grants.
	Variables() []Variable
	// Examples are two to four example calls for routes that only this system has, the most useful ones first. Routes
	// that all stand-ins have are not listed.
	Examples() []ControlExample

	Down() error
	Up() error
	Reset() error
	Fail(fault Fault, times int) error
	Clear(kinds ...Kind)
	Pending() []Scripted
	SignInList() []SignIn
}

// Variable is an input variable of a Terraform configuration, and its value for a stand-in.
type Variable struct {
	// Name begins with the name of the target system: dynamics365_client_secret.
	Name string
	// Value is the current value, with its line breaks. A variable with an empty value is left out. Example: the
	// certificate authority of a stand-in without TLS.
	Value string
	// Secret prevents the value from being shown.
	Secret bool
	// Alternative marks a value that only an alternative grant needs.
	Alternative bool
}

// ControlExample is an example call of the control endpoint. It must succeed without changes, right after the start.
type ControlExample struct {
	// What describes the effect in the system, in terms of its users: "an administrator resets the client secret".
	What string
	// Method, Path and Body are the request. The path begins with the system's name. The body is JSON, or empty.
	Method, Path, Body string
}

// Control is the control endpoint: JSON over HTTP on loopback, made for curl. It never returns a password.
type Control struct {
	url    string
	server *loopbackServer
}

// StartControl serves the control endpoint of some stand-ins on a loopback address.
func StartControl(address string, systems ...Controlled) (*Control, error) {
	if err := CheckLoopback(address); err != nil {
		return nil, err
	}
	listener, err := (&net.ListenConfig{}).Listen(context.Background(), "tcp", address)
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	mux := http.NewServeMux()
	for _, system := range systems {
		addCommonRoutes(mux, "/"+system.Name(), system)
		system.Routes(mux)
	}
	return &Control{url: "http://" + listener.Addr().String(), server: serve(listener, rejectBrowsers(mux))}, nil
}

// URL returns the address of the endpoint, without a path.
func (c *Control) URL() string { return c.url }

// Close stops the endpoint and waits until all of its goroutines have ended.
func (c *Control) Close() error { return c.server.close() }

// rejectBrowsers rejects requests of web pages: any page can make a browser call an address on loopback.
func rejectBrowsers(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := CheckLoopback(r.Host); err != nil || r.Header.Get("Origin") != "" {
			WriteJSON(w, http.StatusForbidden, errors.New("this endpoint is for programs on this machine, not for web pages"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// addCommonRoutes adds the routes that every stand-in has.
func addCommonRoutes(mux *http.ServeMux, prefix string, s Controlled) {
	mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, _ *http.Request) { WriteJSON(w, http.StatusOK, s.State()) })
	mux.HandleFunc("GET "+prefix+"/sign-ins", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, s.SignInList())
	})
	mux.HandleFunc("GET "+prefix+"/faults", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, s.Pending())
	})
	mux.HandleFunc("POST "+prefix+"/faults", func(w http.ResponseWriter, r *http.Request) {
		var request struct {
			Fault
			Times int `json:"times"`
		}
		if ReadRequest(w, r, &request) {
			WriteResult(w, s.Fail(request.Fault, request.Times), s)
		}
	})
	mux.HandleFunc("DELETE "+prefix+"/faults", func(w http.ResponseWriter, r *http.Request) {
		named := r.URL.Query()["kind"]
		kinds := make([]Kind, 0, len(named))
		for _, kind := range named {
			kinds = append(kinds, Kind(kind))
		}
		s.Clear(kinds...)
		WriteResult(w, nil, s)
	})
	for path, act := range map[string]func() error{"/down": s.Down, "/up": s.Up, "/reset": s.Reset} {
		mux.HandleFunc("POST "+prefix+path, func(w http.ResponseWriter, _ *http.Request) { WriteResult(w, act(), s) })
	}
}
