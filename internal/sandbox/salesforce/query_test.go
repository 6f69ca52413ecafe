package salesforce_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// queryResult is the response to a query.
type queryResult struct {
	reply
	TotalSize int
	Done      bool
	Records   []map[string]any
}

func (b *bench) query(token, soql string) queryResult {
	b.t.Helper()
	f := queryResult{reply: b.get(b.data("/query?q="+url.QueryEscape(soql)), token)}
	if f.Status == http.StatusOK {
		if err := json.Unmarshal([]byte(f.Body), &f); err != nil || !f.Done {
			b.t.Fatalf("%s (%v)", f.Body, err)
		}
	}
	return f
}

// column returns the values of a field.
func (f queryResult) column(name string) []string {
	values := []string{}
	for _, r := range f.Records {
		values = append(values, fmt.Sprint(r[name]))
	}
	return values
}

const userByEmail = "SELECT Id,Username,Email,IsActive,UserType FROM User WHERE Email='%s' AND IsActive=true"

func TestUsersByEmail(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	b.update("alan@example.com", func(u *salesforce.User) { u.Email = "o'turing\\x@example.com" })
	token := b.token()
	for email, want := range map[string][]string{
		"ada@example.com":             {"ada@example.com"},
		"ADA@example.com":             {"ada@example.com"},
		"nobody@example.com":          {},
		"team@example.com":            {"team.one@example.com", "team.two@example.com"},
		"left@example.com":            {},
		"riva-sync@example.org":       {}, // in another organization
		`o\'turing\\x@example.com`:    {"alan@example.com"},
		`x\' OR Email != \'`:          {},
		`ada@example.com' OR Id!='`:   nil, // not escaped: AND and OR cannot be combined
		`o'turing@example.com`:        nil,
		`a\'@example.com\u0020\n\t\"`: {},
	} {
		got := b.query(token, fmt.Sprintf(userByEmail, email))
		if want == nil {
			if got.Status != http.StatusBadRequest || got.code() != "MALFORMED_QUERY" {
				t.Errorf("%s: %d %s", email, got.Status, got.Body)
			}
			continue
		}
		if !slices.Equal(got.column("Username"), want) || got.TotalSize != len(want) {
			t.Errorf("%s: %d %s", email, got.Status, got.Body)
		}
	}
	got := b.query(token, fmt.Sprintf(userByEmail, "ada@example.com"))
	ada, err := b.User("ada@example.com")
	if err != nil {
		t.Fatal(err)
	}
	attributes, _ := got.Records[0]["attributes"].(map[string]any)
	if got.Records[0]["Id"] != ada.ID || got.Records[0]["IsActive"] != true || attributes["type"] != "User" ||
		attributes["url"] != "/services/data/v68.0/sobjects/User/"+ada.ID || len(got.Records[0]) != 6 {
		t.Errorf("record %v", got.Records[0])
	}
	if last := b.Requests()[len(b.Requests())-1]; last.User != "riva-sync@example.com" || last.Account != "ada@example.com" ||
		last.Operation != "query" || last.Site != salesforce.MyDomain {
		t.Errorf("recorded %+v", last)
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	for soql, want := range map[string]struct {
		field  string
		values []string
	}{
		"SELECT Id,Name,IsSandbox,InstanceName,OrganizationType FROM Organization LIMIT 1": {
			"Name", []string{"Example"},
		},
		"SELECT PermissionsApiEnabled,PermissionsModifyAllData,PermissionsViewAllUsers FROM UserPermissionAccess LIMIT 1": {
			"PermissionsModifyAllData", []string{"true"},
		},
		"SELECT Subject FROM Event LIMIT 1": {
			"Subject", []string{"Weekly review"},
		},
		"SELECT Id FROM Task LIMIT 1": {
			"Id", []string{},
		},
		"select Id, LastName from Contact where LASTNAME = 'babbage'": {
			"LastName", []string{"Babbage"},
		},
		"SELECT Username FROM User WHERE IsActive = false": {
			"Username", []string{"left@example.com"},
		},
		"SELECT Username FROM User WHERE IsActive = TRUE AND Email = null": {
			"Username", []string{},
		},
		"SELECT Username FROM User LIMIT 0": {
			"Username", []string{},
		},
	} {
		if got := b.query(token, soql); got.Status != http.StatusOK || !slices.Equal(got.column(want.field), want.values) {
			t.Errorf("%s: %d %s", soql, got.Status, got.Body)
		}
	}
}

func TestInvalidQueries(t *testing.T) {
	t.Parallel()
	b := start(t, salesforce.Options{})
	token := b.token()
	for soql, want := range map[string]string{
		"SELECT Id FROM Nothing":                                "INVALID_TYPE",
		"SELECT Id FROM User WHERE Nothing = 'x'":               "INVALID_FIELD",
		"SELECT Nothing FROM User":                              "INVALID_FIELD",
		"SELECT Id":                                             "MALFORMED_QUERY",
		"SELECT FROM User":                                      "MALFORMED_QUERY",
		"DELETE FROM User":                                      "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE":                             "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE Id":                          "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE Id ~ 'x'":                    "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE Id = x":                      "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE Id = 'x":                     "MALFORMED_QUERY",
		"SELECT Id FROM User WHERE Id='x' AND Id='y' OR Id='z'": "MALFORMED_QUERY",
		"SELECT Id FROM User LIMIT many":                        "MALFORMED_QUERY",
		"SELECT Id FROM User LIMIT 1; DROP":                     "MALFORMED_QUERY",
		strings.Repeat("(", 5000):                               "MALFORMED_QUERY",
	} {
		if got := b.query(token, soql); got.Status != http.StatusBadRequest || got.code() != want {
			t.Errorf("%.80s: %d %.200s", soql, got.Status, got.Body)
		}
	}
	b.update("riva-sync@example.com", func(u *salesforce.User) { u.Contacts, u.Calendar, u.Mail = false, false, false })
	for _, object := range []string{"Contact", "Event", "EmailMessage"} {
		if got := b.query(token, "SELECT Id FROM "+object+" LIMIT 1"); got.code() != "INVALID_TYPE" {
			t.Errorf("%s without a right: %d %s", object, got.Status, got.Body)
		}
	}
}
