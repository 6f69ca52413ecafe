package leak_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/hclnotes"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

// way is one way to sign in to a target system: a grant, and for some systems a setting that changes the protocol.
type way struct {
	system *target.System
	grant  target.Grant
	// change are settings in addition to those of the stand-in.
	change map[string]string
}

// name identifies the way in names of resources.
func (w way) name() string {
	name := w.system.Name + "_" + w.grant.Name
	for _, key := range slices.Sorted(maps.Keys(w.change)) {
		name += "_" + w.change[key]
	}
	return name
}

// ways lists all ways to sign in to all target systems.
func ways() []way {
	protocols := map[string][]map[string]string{
		"exchange password":       {{"authentication": "basic"}, {"authentication": "ntlm"}},
		"exchange certificate":    {{"authentication": "certificate"}},
		"office365 client_secret": {nil, {"api": "ews"}},
		"hcl_notes password":      {nil, {"authentication": "session"}},
	}
	var all []way
	for _, system := range catalog.All() {
		for _, grant := range system.Grants {
			changes, ok := protocols[system.Name+" "+grant.Name]
			if !ok {
				changes = []map[string]string{nil}
			}
			for _, change := range changes {
				all = append(all, way{system, grant, change})
			}
		}
	}
	return all
}

// account is a stand-in and what a connection needs to sign in to it.
type account struct {
	way
	server                standins.Server
	settings, credentials map[string]string
	// seen are the secrets that the stand-in received or issued.
	seen map[string]string
}

// start starts a stand-in with an account for the way.
func (w way) start(t *testing.T) *account {
	t.Helper()
	server, err := w.startServer()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Error(err)
		}
	})
	a := &account{way: w, server: server, settings: map[string]string{}, credentials: map[string]string{}, seen: map[string]string{}}
	maps.Copy(a.settings, w.change)
	for _, v := range server.Variables() {
		a.set(strings.TrimPrefix(v.Name, w.system.Name+"_"), v)
	}
	if _, err := w.system.Grant(a.settings, a.credentials); err != nil {
		t.Fatalf("%s: the stand-in has no account: %v", w.name(), err)
	}
	return a
}

// startServer starts the stand-in, which offers only the scheme of the way.
func (w way) startServer() (standins.Server, error) {
	if scheme, ok := map[string]exchange.Scheme{"basic": exchange.Basic, "ntlm": exchange.NTLM}[w.change["authentication"]]; ok {
		return exchange.Start(exchange.Options{Schemes: []exchange.Scheme{scheme}})
	}
	if w.change["authentication"] == "session" {
		server, err := hclnotes.Start(hclnotes.Options{})
		if err == nil {
			server.UpdateSetup(func(s *hclnotes.Setup) { s.Session = true })
		}
		return server, err
	}
	standIn, ok := standins.Lookup(w.system.Name)
	if !ok {
		return nil, fmt.Errorf("%s has no stand-in", w.system.Name)
	}
	return standIn.Start(sandbox.Options{TLS: w.tls()})
}

// tls is nil for plain HTTP, which is faster, unless the way is a certificate in a TLS handshake.
func (w way) tls() *sandbox.TLS {
	if w.system.Name == "exchange" && w.grant.Name == "certificate" {
		return &sandbox.TLS{}
	}
	return nil
}

// set sets the field of a variable, if the grant has it.
func (a *account) set(name string, v sandbox.Variable) {
	if name == "url" && a.system.Name == "exchange" {
		name = "ews_url"
	}
	field, ok := a.system.Field(name)
	switch {
	case !ok, v.Value == "":
	case field.Secret:
		if slices.Contains(slices.Concat(a.grant.Secrets, a.optional()), name) {
			a.credentials[name] = v.Value
		}
	case name == "owa_url", name == "ews_url" && a.system.Name == "office365" && a.change["api"] != "ews",
		name == "graph_url" && a.change["api"] == "ews":
	case !v.Alternative || slices.Contains(a.grant.Settings, name) || name == "ews_url":
		a.settings[name] = v.Value
	}
}

// optional are the optional secrets that the way uses. A password has no use for a certificate.
func (a *account) optional() []string {
	if a.system.Name == "exchange" {
		return nil
	}
	return a.grant.Optional
}

// forget deletes the records of the stand-in, after the secrets in them are kept.
func (a *account) forget() {
	for _, token := range a.server.Issued() {
		a.seen[token] = "issued token"
	}
	for _, signIn := range a.server.SignInList() {
		if signIn.Secret != "" && signIn.Scheme != "oauth1" { // which is a signature of one request
			a.seen[signIn.Secret] = signIn.Scheme
		}
	}
	a.server.Forget()
}

// addTo adds the configured secrets, and those that the stand-in has issued or received, to a search. It returns their number.
func (a *account) addTo(s *searcher) (count int) {
	a.forget()
	all := maps.Clone(a.seen)
	for name, secret := range a.credentials {
		all[secret] = name
	}
	for secret, name := range all {
		for _, part := range essence(secret) {
			s.add(a.name()+" "+name, part)
			count++
		}
	}
	return count
}
