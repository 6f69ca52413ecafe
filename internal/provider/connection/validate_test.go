package connection_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestInvalidInputFailsPlan(t *testing.T) {
	t.Parallel()
	replace := func(old, with string) string { return strings.ReplaceAll(acctest.Mail(""), old, with) }
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"no system": {
			body: `resource "riva_connection" "mail" { name = "Exchange" }`,
			want: []string{"A Connection Needs Exactly One Target System", "Add the block", "exchange", "salesforce"},
		},
		"unknown system": {
			body: replace("exchange {", "pigeon {"),
			want: []string{"Unsupported block type", `"pigeon"`},
		},
		"no username": {
			body: replace("username    = var.username", ""),
			want: []string{"Missing Required Setting", "exchange requires username"},
		},
		"http elsewhere": {
			body: replace("var.url", `"http://mail.example.com/EWS/Exchange.asmx"`),
			want: []string{"Invalid Value", "ews_url", "https://"},
		},
		"no address": {
			body: replace("var.url", `"mail.example.com"`),
			want: []string{"Invalid Value", "ews_url", "must be a complete address"},
		},
		"no PEM": {
			body: replace("password_wo = var.password", `password_wo = var.password
				ca_certificate = "not a certificate"`),
			want: []string{"Invalid Value", "ca_certificate"},
		},
		"a path as key": {
			body: replace("password_wo = var.password", `password_wo = var.password
				private_key_wo = "/etc/riva/key.pem"`),
			want: []string{"Invalid Value", "Attribute: exchange.private_key_wo", "looks like the path of a file", "file("},
		},
		"an unknown scheme": {
			body: replace("password_wo = var.password", `password_wo = var.password
				authentication = "digest"`),
			want: []string{"Invalid Value", "authentication", "basic"},
		},
		"an empty secret": {
			body: replace("var.password", `""`),
			want: []string{"Invalid Value", "Attribute: exchange.password_wo", "must not be empty"},
		},
		"an empty name": {
			body: replace(`"Exchange"`, `""`),
			want: []string{"name", "between 1 and 200"},
		},
		"a name of 201": {
			body: replace(`"Exchange"`, `"`+strings.Repeat("é", 201)+`"`),
			want: []string{"name", "200"},
		},
		"a control character": {
			body: replace(`"Exchange"`, `"Ex\nchange"`),
			want: []string{"name value must not contain control characters"},
		},
		"an unknown deletion policy": {
			body: acctest.Mail(`deletion_policy = "keep"`),
			want: []string{"deletion_policy", "abandon"},
		},
		"an invalid timeout": {
			body: acctest.Mail(`timeouts { create = "soon" }`),
			want: []string{"timeouts.create must be a duration", `"soon"`},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			step := env.Step(c.body)
			step.PlanOnly = true
			step.ExpectError = acctest.MatchText(c.want...)
			env.Test(step)
		})
	}
}

func TestNameOf200CharactersIsAccepted(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Test(env.Step(strings.ReplaceAll(acctest.Mail(""), `"Exchange"`, `"`+strings.Repeat("é", 200)+`"`)))
}

func TestSecretNeverShowsInAnError(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	c := env.Command(acctest.Mail(""))
	c.Env = append(c.Env, "TF_VAR_password=canary-\u0007-7f3e")
	out, err := c.Run("plan")
	if err == nil || !acctest.MatchText("Invalid Value", "password").MatchString(out) {
		t.Errorf("a password with a control character gave %v and no error that names it:\n%s", err, out)
	}
	if strings.Contains(out, "canary") || strings.Contains(out, "7f3e") {
		t.Errorf("the error shows the password:\n%s", out)
	}
}

func TestIncompleteCredentialsFailPlan(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		body string
		want []string
	}{
		"two systems": {
			body: strings.Replace(acctest.Mail(""), "exchange {", "desk {\nregion = \"eu\"\n}\nexchange {", 1),
			want: []string{"A Connection Needs Exactly One Target System", "exchange and desk"},
		},
		"none": {
			body: crm(`region = "eu"`),
			want: []string{"Credentials Required", "api_key_wo, or client_secret_wo with client_id"},
		},
		"a secret without what belongs to it": {
			body: crm("region = \"eu\"\nclient_secret_wo = \"right\""),
			want: []string{"Incomplete Credentials", "client_secret also requires client_id"},
		},
		"secrets that contradict": {
			body: crm("region = \"eu\"\nclient_id = \"x\"\nclient_secret_wo = \"right\"\napi_key_wo = \"right\""),
			want: []string{"Incomplete Credentials", "cannot be combined"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			env := newGrantsEnvironment(t)
			step := env.Step(c.body)
			step.PlanOnly = true
			step.ExpectError = acctest.MatchText(c.want...)
			env.Test(step)
		})
	}
}
