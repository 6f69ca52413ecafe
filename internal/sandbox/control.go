package sandbox

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
)

// Controlled is a stand-in that people can steer with the control endpoint.
type Controlled interface {
	// Name is the target system's; its routes begin with it.
	Name() string
	// Routes adds what only this system has.
	Routes(mux *http.ServeMux)
	// State describes the stand-in, without secrets.
	State() any

	// Title is its name for people and what it speaks, in a line: "Microsoft Exchange, with Basic and NTLM".
	Title() string
	// Variables are what a configuration needs to sign in as the service account, in the order in which a person reads
	// them: where, as whom, the secrets, what to trust. Those of the alternative ways to sign in come with them.
	Variables() []Variable
	// Examples are two to four things to try that only this system has, the most telling ones first. The routes that all
	// stand-ins have are known without being listed.
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
	// Name begins with the target system's: dynamics365_client_secret.
	Name string
	// Value is what the variable is now, line breaks and all. Empty: there is nothing to say, as with the certificate
	// authority of a stand-in without TLS, and the variable is left out.
	Value string
	// Secret keeps the value from being shown.
	Secret bool
	// Alternative marks what only another way to sign in needs than the one that the other variables are for.
	Alternative bool
}

// ControlExample is something to try at the control endpoint. It must work as it stands, in the state of the start.
type ControlExample struct {
	// What is what happens at the system, in the words of its people: "an administrator resets the client secret".
	What string
	// Method, Path and Body are the request. The path begins with the system's name; the body, if any, is JSON.
	Method, Path, Body string
}

// Control is the control endpoint: JSON over HTTP on loopback, made for curl. It never gives a password away.
type Control struct {
	url string
	up  *listening
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
		routes(mux, "/"+system.Name(), system)
		system.Routes(mux)
	}
	return &Control{url: "http://" + listener.Addr().String(), up: serve(listener, guard(mux))}, nil
}

// URL is the address of the endpoint, without a path.
func (c *Control) URL() string { return c.url }

// Close ends the endpoint and waits until nothing of it runs any more.
func (c *Control) Close() error { return c.up.end() }

// guard turns away browsers: a page from anywhere can make them call an address on loopback.
func guard(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := CheckLoopback(r.Host); err != nil || r.Header.Get("Origin") != "" {
			WriteJSON(w, http.StatusForbidden, errors.New("this endpoint is for programs on this machine, not for web pages"))
			return
		}
		next.ServeHTTP(w, r)
	})
}

// routes are what every stand-in has.
func routes(mux *http.ServeMux, prefix string, s Controlled) {
	mux.HandleFunc("GET "+prefix, func(w http.ResponseWriter, _ *http.Request) { WriteJSON(w, http.StatusOK, s.State()) })
	mux.HandleFunc("GET "+prefix+"/sign-ins", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, s.SignInList())
	})
	mux.HandleFunc("GET "+prefix+"/faults", func(w http.ResponseWriter, _ *http.Request) {
		WriteJSON(w, http.StatusOK, s.Pending())
	})
	mux.HandleFunc("POST "+prefix+"/faults", func(w http.ResponseWriter, r *http.Request) {
		var order struct {
			Fault
			Times int `json:"times"`
		}
		if ReadRequest(w, r, &order) {
			WriteResult(w, s.Fail(order.Fault, order.Times), s)
		}
	})
	mux.HandleFunc("DELETE "+prefix+"/faults", func(w http.ResponseWriter, r *http.Request) {
		var kinds []Kind
		for _, kind := range r.URL.Query()["kind"] {
			kinds = append(kinds, Kind(kind))
		}
		s.Clear(kinds...)
		WriteResult(w, nil, s)
	})
	for path, act := range map[string]func() error{"/down": s.Down, "/up": s.Up, "/reset": s.Reset} {
		mux.HandleFunc("POST "+prefix+path, func(w http.ResponseWriter, _ *http.Request) { WriteResult(w, act(), s) })
	}
}
