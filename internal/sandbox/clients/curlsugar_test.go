//go:build clients

package clients_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/sugarcrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/sandboxtest"
)

// curlJSON calls an address with curl, as the vendors' documentation does, and posts the data unless it is empty. It
// returns the status and the decoded response.
func curlJSON(t *testing.T, ca, address, data string, headers ...string) (status string, response map[string]any) {
	t.Helper()
	var options []string
	for _, header := range headers {
		options = append(options, fmt.Sprintf("header = %q", header))
	}
	if data != "" {
		options = append(options, fmt.Sprintf("data-binary = %q", data))
	}
	printed := curlText(t, authority(t, ca), address, options...)
	at := strings.LastIndexByte(printed, '\n')
	if err := json.Unmarshal([]byte(printed[:at]), &response); err != nil {
		t.Fatalf("%s: %v in %s", address, err, printed)
	}
	return printed[at+1:], response
}

// text returns a decoded response as JSON, so that a test can search it.
func text(t *testing.T, response map[string]any) string {
	t.Helper()
	body, err := json.Marshal(response)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestCurlReadsSugar(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t, sugarcrm.Start, sugarcrm.Options{Options: secure()})
	api, body := server.URL()+"/rest/v11_24", `{"grant_type":"password","client_id":"sugar","client_secret":"",`+
		`"username":"riva-sync","password":"%s","platform":"riva"}`
	status, rejected := curlJSON(t, server.CA(), api+"/oauth2/token", fmt.Sprintf(body, "wrong"), "Content-Type: application/json")
	if status != "401" || rejected["error"] != "need_login" {
		t.Errorf("a wrong password: %s %v", status, rejected)
	}
	_, token := curlJSON(t, server.CA(), api+"/oauth2/token", fmt.Sprintf(body, server.Service().Password),
		"Content-Type: application/json")
	access := fmt.Sprintf("OAuth-Token: %v", token["access_token"])
	for path, want := range map[string]string{
		"/me": `"user_name":"riva-sync"`,
		"/Users?filter[0][email_addresses.email_address]=ada@example.com&fields=id,user_name": `"user_name":"ada"`,
		"/Contacts?max_num=1&fields=id": `"next_offset":1`,
	} {
		status, response := curlJSON(t, server.CA(), api+path, "", access)
		if status != "200" || !strings.Contains(text(t, response), want) {
			t.Errorf("%s: %s %v", path, status, response)
		}
	}
}

func TestCurlReadsSuiteCRM(t *testing.T) {
	t.Parallel()
	server := sandboxtest.Start(t, suitecrm.Start, suitecrm.Options{Options: secure()})
	const kind = "Content-Type: application/vnd.api+json"
	client, api := server.Client(), server.URL()+"/Api"
	body := fmt.Sprintf(`{"grant_type":"password","client_id":%q,"client_secret":%q,"username":"riva-sync","password":"%%s"}`,
		client.ID, client.Secret)
	status, rejected := curlJSON(t, server.CA(), api+"/access_token", fmt.Sprintf(body, "wrong"), kind)
	if status != "500" || rejected["message"] != "The password is invalid: wrong" {
		t.Errorf("a wrong password: %s %v", status, rejected)
	}
	_, token := curlJSON(t, server.CA(), api+"/access_token", fmt.Sprintf(body, server.Service().Password), kind)
	access := fmt.Sprintf("Authorization: Bearer %v", token["access_token"])
	for path, want := range map[string]string{
		"/V8/current-user": `"user_name":"riva-sync"`,
		"/V8/module/Users?filter[email1][eq]=ada@example.com&fields[Users]=email1": `"email1":"ada@example.com"`,
		"/V8/module/Contacts?page[size]=1&fields[Contacts]=name":                   `"records-on-this-page":1`,
	} {
		status, response := curlJSON(t, server.CA(), api+path, "", access)
		if status != "200" || !strings.Contains(text(t, response), want) {
			t.Errorf("%s: %s %v", path, status, response)
		}
	}
}
