package leak_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// faults are the failures with an encoding: in each operation, and with each secret. Each of them repeats the secrets of the
// request and the issued tokens as well. What is in front of a system can repeat secrets in a page or an address; that is alike
// for all ways to sign in.
func (m *matrix) faults(encoding sandbox.Encoding) []sandbox.Fault {
	var all []sandbox.Fault
	secrets := m.kept()
	for i := range max(len(secrets), len(m.operations)) {
		secret, operation := secrets[i%len(secrets)], m.operations[i%len(m.operations)]
		all = append(all, sandbox.Fault{Kind: "echo", Secret: secret, Issued: true}.In(encoding).ForOperation(operation))
	}
	if m.grant.Name != m.system.Grants[0].Name {
		return all
	}
	text := encoding.Encode(secrets[0])
	for _, fault := range []sandbox.Fault{
		sandbox.Page().WithMessage(text), sandbox.Maintenance().WithMessage(text),
		sandbox.Redirect("https://elsewhere.example.com/sign-in?secret=" + oneLine(text)),
		sandbox.Redirect("https://" + oneLine(text) + ".example.com/"),
	} {
		all = append(all, fault.In(encoding))
	}
	return all
}

// kept are the configured secrets that a control plane keeps as they are. A refresh token is replaced when it is used: the
// newest one is an issued token, and the control plane cannot know older ones.
func (m *matrix) kept() []string {
	var kept []string
	for _, name := range slices.Sorted(maps.Keys(m.credentials)) {
		if name != "refresh_token" {
			kept = append(kept, m.credentials[name])
		}
	}
	return kept
}

// oneLine is a text in a header.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// rejections are the ways in which a system rejects credentials, or a user, with a text.
func (m *matrix) rejections(encoding sandbox.Encoding) []sandbox.Fault {
	all := map[string][]sandbox.Fault{
		"dynamics365":          {{Kind: "entra_error", Code: "7000215"}, {Kind: "api_error", Code: "0x80040220"}},
		"exchange":             {{Kind: "soap_fault", Code: "ErrorAccessDenied"}},
		"google":               {{Kind: "token_error", Code: "invalid_grant"}, {Kind: "api_error", Code: "forbidden"}},
		"hcl_notes":            {{Kind: "service_error", Status: 403}},
		"netsuite":             {{Kind: "api_error", Code: "INSUFFICIENT_PERMISSION"}},
		"office365":            {{Kind: "entra_error", Code: "7000215"}, {Kind: "graph_error", Code: "ErrorAccessDenied"}},
		"oracle_crm_on_demand": {{Kind: "soap_fault", Code: "SBL-DAT-00553"}},
		"salesforce":           {{Kind: "token_error", Code: "invalid_grant"}, {Kind: "api_error", Code: "INSUFFICIENT_ACCESS"}},
		"sap_c4c":              {{Kind: "odata_error", Code: "SY/530", Status: 403}},
		"sugarcrm":             {{Kind: "api_error", Code: "need_login"}},
		"suitecrm":             {{Kind: "token_error", Code: "invalid_credentials", Status: 401}, {Kind: "denied"}},
	}[m.system.Name]
	secrets := m.kept()
	for i := range all {
		all[i].Encoding = encoding
		all[i].Message = "Rejected: " + encoding.Encode(secrets[i%len(secrets)])
	}
	return all
}
