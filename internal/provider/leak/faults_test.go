package leak_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

// perEncoding is in how many calls of a sign-in each encoding is repeated. The calls take turns.
const perEncoding = 1

// faults are the failures with an encoding. Each of them repeats the secrets of the request, a configured one, and the issued
// tokens. The first way to sign in to a system gets each encoding in calls that take turns. What the other ways do after the
// sign-in is the same, so they get each encoding once.
func (m *matrix) faults(encoding sandbox.Encoding, number int) []sandbox.Fault {
	secrets := m.kept()
	echo := func(i int) sandbox.Fault {
		return sandbox.Fault{Kind: "echo", Secret: secrets[i%len(secrets)], Issued: true}.
			In(encoding).ForOperation(m.operations[i%len(m.operations)])
	}
	if !m.isFirst() {
		return []sandbox.Fault{echo(number)}
	}
	var all []sandbox.Fault
	for i := range min(perEncoding, max(len(secrets), len(m.operations))) {
		all = append(all, echo(number*perEncoding+i))
	}
	text := encoding.Encode(secrets[0])
	front := []sandbox.Fault{ // of what is in front of a system; the systems take turns
		sandbox.Page().WithMessage(text), sandbox.Maintenance().WithMessage(text),
		sandbox.Redirect("https://elsewhere.example.com/sign-in?secret=" + oneLine(text)),
		sandbox.Redirect("https://" + oneLine(text) + ".example.com/"),
	}
	return append(all, front[(number+len(m.system.Title))%len(front)].In(encoding))
}

// isFirst reports whether this is the first way to sign in to the system.
func (w way) isFirst() bool {
	return w.grant.Name == w.system.Grants[0].Name && w.change["api"] == "" && w.change["authentication"] != "session"
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
func (m *matrix) rejections(encoding sandbox.Encoding, number int) []sandbox.Fault {
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
	if !m.isFirst() {
		return nil
	}
	fault := all[number%len(all)].In(encoding)
	return []sandbox.Fault{fault.WithMessage("Rejected: " + encoding.Encode(secrets[number%len(secrets)]))}
}
