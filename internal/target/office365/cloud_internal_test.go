package office365

import "testing"

// A token must be for the API of the tenant's cloud, whatever its address.
func TestResourceOfTheCloud(t *testing.T) {
	t.Parallel()
	graphOf, outlookOf := func(c cloud) string { return c.graph }, func(c cloud) string { return c.outlook }
	for _, test := range []struct {
		address, authority string
		of                 func(cloud) string
		want               string
	}{
		{"https://graph.microsoft.com", publicCloud.authority, graphOf, "https://graph.microsoft.com"},
		{"https://Graph.Microsoft.us/", "https://login.microsoftonline.us", graphOf, "https://graph.microsoft.us"},
		{"https://dod-graph.microsoft.us", "https://login.microsoftonline.us", graphOf, "https://dod-graph.microsoft.us"},
		{"https://graph.internal.example.com", "https://login.microsoftonline.us/", graphOf, "https://graph.microsoft.us"},
		{"https://graph.internal.example.com", "https://login.internal.example.com", graphOf, "https://graph.microsoft.com"},
		{"https://webmail.apps.mil/EWS/Exchange.asmx", "https://login.microsoftonline.us", outlookOf, "https://webmail.apps.mil"},
		{
			"https://mail.internal.example.com/EWS/Exchange.asmx", "https://login.partner.microsoftonline.cn", outlookOf,
			"https://partner.outlook.cn",
		},
		{"https://graph.microsoft.com.example.org", publicCloud.authority, graphOf, "https://graph.microsoft.com"},
	} {
		if got := resource(test.address, test.authority, test.of); got != test.want {
			t.Errorf("%s with %s: got %s, want %s", test.address, test.authority, got, test.want)
		}
	}
}
