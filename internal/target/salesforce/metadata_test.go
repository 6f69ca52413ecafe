package salesforce_test

import (
	"slices"
	"testing"

	sandboxcore "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestMetadata(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	a := account(t, server, jwtBearer)
	before, err := conformance.TryMetadata(t, a)
	if err != nil || !slices.IsSorted(before.Objects) || !slices.Contains(before.Objects, "Contact") || len(before.Digest) != 64 {
		t.Fatalf("got %+v, %v", before, err)
	}
	if same, err := conformance.TryMetadata(t, a); err != nil || same.Digest != before.Digest {
		t.Errorf("without a change: %s, then %s, %v", before.Digest, same.Digest, err)
	}
	server.AddObject("Visit__c", "Visit")
	after, err := conformance.TryMetadata(t, a)
	if err != nil || after.Digest == before.Digest || len(after.Objects) != len(before.Objects)+1 {
		t.Errorf("with an object more: %+v, %v", after, err)
	}
	server.AddObject("Visit__c", "Client visit")
	renamed, err := conformance.TryMetadata(t, a)
	if err != nil || renamed.Digest == after.Digest || !slices.Equal(renamed.Objects, after.Objects) {
		t.Errorf("with another label: %+v, %v", renamed, err)
	}
	if got := conformance.RequirePass(t, a, target.Metadata, "").Message; got != "The definitions of 12 objects can be read." {
		t.Errorf("got %q", got)
	}
}

// The list of thousands of objects is larger than the limit of other responses.
func TestMetadataOfLargeOrganization(t *testing.T) {
	t.Parallel()
	server := start(t, sandbox.Options{})
	conformance.FailUntilCleared(t, server, sandboxcore.Huge().ForOperation("sobjects"))
	if _, err := conformance.TryMetadata(t, account(t, server, jwtBearer)); err != nil {
		t.Error(err)
	}
}

func TestUnreadableMetadata(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		fault sandboxcore.Fault
		want  target.Code
	}{
		"throttled": {sandbox.APIError("REQUEST_LIMIT_EXCEEDED"), target.Throttled},
		"rejected":  {sandbox.APIError("INSUFFICIENT_ACCESS"), target.InsufficientPermission},
		"expired":   {sandbox.APIError("INVALID_SESSION_ID"), target.GivenCredentials},
		"deep":      {sandbox.Deep(), target.Misconfigured},
		"page":      {sandboxcore.Page(), target.Misconfigured},
	} {
		server := start(t, sandbox.Options{})
		conformance.FailUntilCleared(t, server, test.fault.ForOperation("sobjects"))
		_, err := conformance.TryMetadata(t, account(t, server, jwtBearer))
		if fault, ok := target.AsFault(err); !ok || fault.Code != test.want || len(fault.Help) == 0 {
			t.Errorf("%s: got %v, want %s", name, err, test.want)
		}
	}
	for list, want := range map[string]string{
		`{"sobjects":[]}`: "is empty", `{}`: "is empty", `{"sobjects":[{"label":"x"}]}`: "without a name",
		`{"sobjects":[{"name":7}]}`: "without a name", `{"sobjects":{}}`: "an unexpected form",
	} {
		a := instance(t, withText(token), paths(map[string]string{
			"/services/oauth2/userinfo": who, "/services/data": `[{"version":"60.0"}]`, "/services/data/v60.0/sobjects": list,
		}))
		_, err := conformance.TryMetadata(t, a)
		if fault, ok := target.AsFault(err); !ok || fault.Code != target.Misconfigured || !fault.Message.Contains(want) {
			t.Errorf("%s: got %v", list, err)
		}
	}
}
