package provider_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

type values = acctest.Values

// mailValues is the usual connection to Exchange, as Terraform hands it over.
func mailValues(w *acctest.Environment) values {
	return values{"name": "Exchange", "exchange": values{
		"ews_url": w.Exchange.URL(), "username": w.Exchange.Service().Email, "password_wo": w.Password(),
	}}
}

// crmValues is the usual connection to Salesforce, with a private key.
func crmValues(w *acctest.Environment) values {
	app := w.Salesforce.App()
	return values{"name": "Salesforce", "salesforce": values{
		"login_url": w.Salesforce.LoginURL(), "username": w.Salesforce.Service().Username, "client_id": app.ConsumerKey,
		"private_key_wo": app.PrivateKey,
	}}
}

// with is the configuration with some attributes changed.
func with(config, changed values) values {
	config = maps.Clone(config)
	maps.Copy(config, changed)
	return config
}

// create makes an object, which must work.
func create(t *testing.T, p *acctest.Protocol, resourceType string, config values) acctest.Instance {
	t.Helper()
	created, diagnostics := p.Apply(acctest.Instance{Type: resourceType}, config)
	p.Must(diagnostics)
	return created
}

// createPair makes a connection of each kind and a policy over both. Only the policy is returned.
func createPair(t *testing.T, w *acctest.Environment, p *acctest.Protocol) acctest.Instance {
	t.Helper()
	return create(t, p, "riva_sync_policy", values{
		"name": "Both", "interval": "30m",
		"crm_connection_id":   create(t, p, "riva_connection", crmValues(w)).ID(),
		"email_connection_id": create(t, p, "riva_connection", mailValues(w)).ID(),
	})
}

// diagnosticText is all that diagnostics say, errors only if asked for.
func diagnosticText(diagnostics []*tfprotov6.Diagnostic, severity tfprotov6.DiagnosticSeverity) string {
	var all strings.Builder
	for _, d := range diagnostics {
		if d.Severity == severity {
			all.WriteString(d.Summary + "\n" + d.Detail + "\n")
		}
	}
	return all.String()
}

// expectError fails unless there is an error that says the words, in their order.
func expectError(t *testing.T, diagnostics []*tfprotov6.Diagnostic, words ...string) {
	t.Helper()
	if text := diagnosticText(diagnostics, tfprotov6.DiagnosticSeverityError); text == "" || !matchText(words...).MatchString(text) {
		t.Errorf("the errors are %q, want %q", text, words)
	}
}
