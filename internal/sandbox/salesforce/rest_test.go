package salesforce_test

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

func TestVersions(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	got := b.do(http.MethodGet, b.MyDomainURL()+"/services/data", "")
	var list []struct{ Label, URL, Version string }
	if err := json.Unmarshal([]byte(got.Body), &list); err != nil || len(list) == 0 {
		t.Fatalf("%d %s (%v)", got.Status, got.Body, err)
	}
	labels := map[string]string{}
	for _, v := range list {
		labels[v.Version] = v.Label
		if v.URL != "/services/data/v"+v.Version {
			t.Errorf("version %+v", v)
		}
	}
	for version, want := range map[string]string{
		"33.0": "Spring '15", "50.0": "Winter '21", "64.0": "Summer '25", "66.0": "Spring '26", "68.0": "Winter '27",
	} {
		if labels[version] != want {
			t.Errorf("version %s is %q, want %q", version, labels[version], want)
		}
	}
	if got.Header.Get("Sforce-Limit-Info") != "" {
		t.Error("the list of versions has a limit header")
	}
}

func TestResources(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	got := b.get(b.data("/"), token)
	if got.Status != http.StatusOK || got.Text("sobjects") != "/services/data/v68.0/sobjects" ||
		got.Text("identity") != b.LoginURL()+"/id/"+b.Organization().ID+"/"+b.Service().ID {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	if limit := got.Header.Get("Sforce-Limit-Info"); limit != "api-usage=1/15000" {
		t.Errorf("limit %q", limit)
	}
	for _, path := range []string{"/services/data/v50.0", "/services/data/v31.0/"} {
		if got := b.get(b.MyDomainURL()+path, token); got.Status != http.StatusOK {
			t.Errorf("%s: %d", path, got.Status)
		}
	}
}

func TestRESTErrors(t *testing.T) {
	t.Parallel()
	organization := func(change func(*salesforce.Organization)) func(*bench) {
		return func(b *bench) { b.must(b.UpdateOrganization(b.Organization().ID, change)) }
	}
	service := func(change func(*salesforce.User)) func(*bench) {
		return func(b *bench) { b.update("riva-sync@example.com", change) }
	}
	for name, tc := range map[string]struct {
		prepare func(*bench) // after the sign-in
		method  string
		path    string // empty means that of the version's resources
		token   string
		login   bool
		status  int
		code    string
		text    string
	}{
		"no such session":   {token: "00D!x", status: 401, code: "INVALID_SESSION_ID", text: "Session expired or invalid"},
		"on the login host": {login: true, status: 401, code: "INVALID_SESSION_ID"},
		"revoked":           {prepare: func(b *bench) { b.must(b.RevokeTokens("")) }, status: 401, code: "INVALID_SESSION_ID"},
		"expired": {
			prepare: func(b *bench) { b.must(b.ExpireSessions("riva-sync@example.com")) }, status: 401,
			code: "INVALID_SESSION_ID",
		},
		"inactive user": {
			prepare: service(func(u *salesforce.User) { u.Active = false }), status: 401, code: "INVALID_SESSION_ID",
		},
		"inactive organization": {
			prepare: organization(func(o *salesforce.Organization) { o.Active = false }), status: 401,
			code: "INVALID_SESSION_ID",
		},
		"no API": {prepare: organization(func(o *salesforce.Organization) { o.APIEnabled = false }), status: 403,
			code: "API_DISABLED_FOR_ORG", text: "The REST API is not enabled for this Organization."},
		"no API for the user": {
			prepare: service(func(u *salesforce.User) { u.APIEnabled = false }), status: 403,
			code: "API_CURRENTLY_DISABLED",
		},
		"too many requests": {prepare: organization(func(o *salesforce.Organization) { o.Requests = o.RequestLimit }), status: 403,
			code: "REQUEST_LIMIT_EXCEEDED", text: "TotalRequests Limit exceeded."},
		"an unknown version": {path: "/services/data/v99.0/", status: 404, code: "NOT_FOUND"},
		"an old version":     {path: "/services/data/v20.0/", status: 404, code: "NOT_FOUND"},
		"no version":         {path: "/services/data/latest/", status: 404, code: "NOT_FOUND"},
		"an unknown path":    {path: "/services/data/v68.0/nothing", status: 404, code: "NOT_FOUND"},
		"an unknown object":  {path: "/services/data/v68.0/sobjects/Nothing/describe", status: 404, code: "NOT_FOUND"},
		"another method":     {method: http.MethodDelete, status: 405, code: "METHOD_NOT_ALLOWED"},
		"an empty query":     {path: "/services/data/v68.0/query", status: 400, code: "MALFORMED_QUERY"},
		"no right to contacts": {
			prepare: service(func(u *salesforce.User) { u.Contacts = false }),
			path:    "/services/data/v68.0/sobjects/Contact/describe", status: 404, code: "NOT_FOUND",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := start(t, salesforce.Options{})
			token, site, path, method := b.token(), b.MyDomainURL(), "/services/data/v68.0/", http.MethodGet
			if tc.prepare != nil {
				tc.prepare(b)
			}
			if tc.token != "" {
				token = tc.token
			}
			if tc.login {
				site = b.LoginURL()
			}
			if tc.path != "" {
				path = tc.path
			}
			if tc.method != "" {
				method = tc.method
			}
			got := b.do(method, site+path, "", "Authorization", "Bearer "+token)
			if got.Status != tc.status || got.code() != tc.code || !strings.Contains(got.Body, tc.text) {
				t.Errorf("%d %s", got.Status, got.Body)
			}
		})
	}
	b := start(t, salesforce.Options{})
	if got := b.do(http.MethodGet, b.data("/"), ""); got.Status != 401 || got.code() != "INVALID_AUTH_HEADER" {
		t.Errorf("without a token: %d %s", got.Status, got.Body)
	}
	b.updateApp(func(a *salesforce.App) { a.Scopes = []string{"id"} })
	got := b.get(b.data("/"), b.token())
	if got.Status != 401 || got.code() != "INVALID_SESSION_ID" || !strings.Contains(got.Body, "not valid for use with") {
		t.Errorf("without the scope: %d %s", got.Status, got.Body)
	}
}

func TestOtherInstanceURL(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{InstanceURL: "https://first.example.com"})
	for _, want := range []string{"https://first.example.com", "https://second.example.com", b.MyDomainURL()} {
		switch want {
		case "https://second.example.com":
			b.SetInstanceURL(want)
		case b.MyDomainURL():
			b.SetInstanceURL("")
		}
		token, err := b.clientCredentials(b.MyDomainURL()).Token(b.context())
		if err != nil || token.Extra("instance_url") != want || b.InstanceURL() != want {
			t.Errorf("%v, want %s (%v)", token.Extra("instance_url"), want, err)
		}
	}
}

// names returns the objects of a describe response.
func names(t *testing.T, response reply) []string {
	t.Helper()
	var described struct {
		Encoding     string
		MaxBatchSize int
		SObjects     []struct {
			Name, KeyPrefix string
			Queryable       bool
			URLs            struct{ Describe string }
		}
	}
	err := json.Unmarshal([]byte(response.Body), &described)
	if err != nil || described.Encoding != "UTF-8" || described.MaxBatchSize != 200 {
		t.Fatalf("%d %s (%v)", response.Status, response.Body, err)
	}
	var list []string
	for _, o := range described.SObjects {
		if !o.Queryable || !strings.HasSuffix(o.URLs.Describe, "/sobjects/"+o.Name+"/describe") {
			t.Errorf("object %+v", o)
		}
		list = append(list, o.Name)
	}
	return list
}

func TestMetadata(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	first := b.get(b.data("/sobjects"), token)
	before := names(t, first)
	if list := strings.Join(before, " "); !strings.Contains(list, "Contact EmailMessage Event") || strings.Contains(list, "Riva") {
		t.Errorf("objects %s", list)
	}
	since := first.Header.Get("Last-Modified")
	if got := b.get(b.data("/sobjects"), token, "If-Modified-Since", since); got.Status != http.StatusNotModified || got.Body != "" {
		t.Errorf("unchanged: %d %q", got.Status, got.Body)
	}
	b.AddObject("Riva_Sync__c", "Riva Sync")
	changed := b.get(b.data("/sobjects"), token, "If-Modified-Since", since)
	if changed.Status != http.StatusOK || len(names(t, changed)) != len(before)+1 || changed.Header.Get("Last-Modified") == since {
		t.Errorf("changed: %d %s", changed.Status, changed.Header.Get("Last-Modified"))
	}
	object := b.get(b.data("/sobjects/Riva_Sync__c/describe"), token)
	if object.Text("name") != "Riva_Sync__c" || object.Object()["custom"] != true ||
		!strings.Contains(object.Body, `"type":"reference"`) {
		t.Errorf("%d %s", object.Status, object.Body)
	}
	if got := b.get(b.data("/sobjects/contact/describe"), token); got.Text("name") != "Contact" || got.Text("keyPrefix") != "003" {
		t.Errorf("%d %s", got.Status, got.Body)
	}
	unchanged := b.get(b.data("/sobjects/Contact/describe"), token, "If-Modified-Since", changed.Header.Get("Last-Modified"))
	if unchanged.Status != http.StatusNotModified {
		t.Errorf("one object, unchanged: %d", unchanged.Status)
	}
	b.update("riva-sync@example.com", func(u *salesforce.User) { u.Contacts, u.Calendar, u.Mail = false, false, false })
	if list := strings.Join(names(t, b.get(b.data("/sobjects"), token)), " "); strings.Contains(list, "Contact") ||
		strings.Contains(list, "Event") || strings.Contains(list, "EmailMessage") {
		t.Errorf("without rights: %s", list)
	}
}
