package salesforce

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// Stand-ins cannot have host names of Salesforce, so the rule about them is tested separately.
func TestInstanceURL(t *testing.T) {
	t.Parallel()
	const login = "https://login.salesforce.com"
	for _, test := range []struct{ login, instance, want string }{
		{login, "https://example.my.salesforce.com", "https://example.my.salesforce.com"},
		{login, "https://EXAMPLE.my.salesforce.com:443/", "https://example.my.salesforce.com"},
		{login, "https://na1.salesforce.com", "https://na1.salesforce.com"},
		{"https://test.salesforce.com", "https://x--dev.sandbox.my.salesforce.com", "https://x--dev.sandbox.my.salesforce.com"},
		{"https://example.force.com/customers", "https://example.cloudforce.com", "https://example.cloudforce.com"},
		{"https://private.example.com", "https://private.example.com", "https://private.example.com"},
		{"https://private.example.com:8443", "https://Private.example.com:8443/", "https://private.example.com:8443"},
		{"http://127.0.0.1:9200", "http://127.0.0.1:9201", "http://127.0.0.1:9201"},
		{login, "https://customer.secure.force.com", ""},
		{login, "https://salesforce.com.example.com", ""},
		{login, "https://evilsalesforce.com", ""},
		{login, "https://my-salesforce.com", ""},
		{login, "https://example.my.salesforce.com@evil.example.com", ""},
		{login, "https://example.my.salesforce.com:8443", ""},
		{login, "https://example.my.salesforce.com/path", ""},
		{login, "http://example.my.salesforce.com", ""},
		{login, "http://127.0.0.1", ""},
		{login, "https://127.0.0.1", ""},
		{login, "", ""},
		{"https://salesforce.com.example.com", "https://example.my.salesforce.com", ""},
		{"https://private.example.com", "https://other.example.com", ""},
		{"https://private.example.com", "https://private.example.com:8443", ""},
		{"https://private.example.com:8443", "https://private.example.com", ""},
		{"https://private.example.com:443", "https://private.example.com:444", ""},
		{"https://example.my.salesforce.com:8443", "https://example.my.salesforce.com", ""},
		{"http://127.0.0.1:9200", "http://localhost:9200", ""},
		{"https://localhost", "http://localhost", ""},
	} {
		got, err := instanceURL(test.login, test.instance, target.Network{LoopbackHTTP: true})
		if got != test.want || (err != nil) != (test.want == "") {
			t.Errorf("from %s to %s: got %q, %v", test.login, test.instance, got, err)
		}
		if fault, ok := target.AsFault(err); err != nil && (!ok || fault.Code != target.Misconfigured) {
			t.Errorf("from %s to %s: got %v", test.login, test.instance, err)
		}
	}
}

// Without stand-ins, this machine is a host like any other.
func TestLoopbackInstanceStaysOnPort(t *testing.T) {
	t.Parallel()
	for instance, want := range map[string]bool{"https://127.0.0.1:9200": true, "https://127.0.0.1:9201": false} {
		if _, err := instanceURL("https://127.0.0.1:9200", instance, target.Network{}); (err == nil) != want {
			t.Errorf("%s: %v", instance, err)
		}
	}
}

func TestAudience(t *testing.T) {
	t.Parallel()
	for login, want := range map[string]string{
		"https://login.salesforce.com/":                              production,
		"https://Test.salesforce.com":                                sandboxes,
		"https://example.my.salesforce.com":                          production,
		"https://example--dev.sandbox.my.salesforce.com":             sandboxes,
		"https://Example--DEV.Sandbox.My.Salesforce.com/":            sandboxes,
		"https://example.scratch.my.salesforce.com":                  sandboxes,
		"https://site-speed-1234-dev-ed.scratch.my.salesforce.com":   sandboxes,
		"https://example--dev.my.salesforce.com":                     sandboxes,
		"https://example--dev.cs12.my.salesforce.com":                sandboxes,
		"https://example.cs12.my.salesforce.com":                     sandboxes,
		"https://cs101.salesforce.com":                               sandboxes,
		"https://na101.salesforce.com":                               production,
		"https://csx.salesforce.com":                                 production,
		"https://example-dev-ed.develop.my.salesforce.com":           production,
		"https://example--x-dev-ed.develop.my.salesforce.com":        production,
		"https://example-dev-ed.my.salesforce.com":                   production,
		"https://example.trailblaze.my.salesforce.com":               production,
		"https://sandbox.my.salesforce.com":                          production,
		"https://cs12.my.salesforce.com":                             production,
		"https://example.na1--x.my.salesforce.com":                   production,
		"http://127.0.0.1:9200/":                                     "http://127.0.0.1:9200",
		"https://salesforce.com.example.com":                         "https://salesforce.com.example.com",
		"https://example--dev.sandbox.my.salesforce.com.example.com": "https://example--dev.sandbox.my.salesforce.com.example.com",
	} {
		if got := audience(login); got != want {
			t.Errorf("%s: got %s, want %s", login, got, want)
		}
	}
}
