package connection_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/connection"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// exclusiveSystem is a made-up system whose settings exclude each other: it requires one of two addresses, "delegate" requires a
// mailbox, and a key works in the region "eu" only.
func exclusiveSystem() *target.System {
	wrong := func(field, message string) error { return target.FieldError{Field: field, Message: message} }
	return &target.System{
		Name: "choosy", Title: "Choosy",
		Fields: []target.Field{
			{Name: "url", Type: target.URL}, {Name: "lookup_url", Type: target.URL},
			{Name: "access", Allowed: []string{"impersonation", "delegate"}},
			{Name: "mailbox", Type: target.EmailAddress},
			{Name: "region", Required: true},
			{Name: "password", Secret: true}, {Name: "key", Secret: true}, {Name: "left", Secret: true}, {Name: "right", Secret: true},
		},
		Grants: []target.Grant{
			{Name: "password", Secrets: []string{"password"}},
			{Name: "pair", Secrets: []string{"left", "right"}, CheckCredentials: func(_ target.Settings, c target.Credentials) error {
				if c["left"] != c["right"] {
					return target.FieldError{Field: "right", Secret: true, Message: "right is not that of left."}
				}
				return nil
			}},
			{Name: "key", Secrets: []string{"key"}, CheckSettings: func(s target.Settings) error {
				if s["region"] != "eu" {
					return wrong("region", "region must be eu.")
				}
				return nil
			}},
		},
		Check: func(s target.Settings) error {
			switch {
			case s["url"] == "" && s["lookup_url"] == "":
				return wrong("url", "url is needed, or lookup_url.")
			case s["url"] != "" && s["lookup_url"] != "":
				return wrong("lookup_url", "lookup_url does not go with url.")
			case s["access"] == "delegate" && s["mailbox"] == "":
				return wrong("mailbox", "mailbox is needed.")
			}
			return nil
		},
	}
}

// unknown represents a value that is not known yet.
const unknown = "?"

// given are attributes of the nested one.
type given map[string]string

// validated returns the errors of a configuration, as "attribute: message".
func validated(t *testing.T, given given) []string {
	t.Helper()
	systems := []*target.System{exclusiveSystem()}
	r := connection.NewResource(systems, connection.Blocks(systems))()
	var schema resource.SchemaResponse
	r.Schema(t.Context(), resource.SchemaRequest{}, &schema)
	whole, ok := schema.Schema.Type().TerraformType(t.Context()).(tftypes.Object)
	if !ok {
		t.Fatal("the schema is not an object")
	}
	values := map[string]tftypes.Value{}
	for name, attribute := range whole.AttributeTypes {
		values[name] = tftypes.NewValue(attribute, nil)
	}
	nested, ok := whole.AttributeTypes["choosy"].(tftypes.Object)
	if !ok {
		t.Fatal("the attribute is not an object")
	}
	fields := map[string]tftypes.Value{}
	for name := range nested.AttributeTypes {
		value, there := given[name]
		switch {
		case value == unknown:
			fields[name] = tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
		case there:
			fields[name] = tftypes.NewValue(tftypes.String, value)
		default:
			fields[name] = tftypes.NewValue(tftypes.String, nil)
		}
	}
	values["choosy"] = tftypes.NewValue(nested, fields)
	validating, ok := r.(resource.ResourceWithValidateConfig)
	if !ok {
		t.Fatal("the resource has no validation")
	}
	var resp resource.ValidateConfigResponse
	validating.ValidateConfig(t.Context(), resource.ValidateConfigRequest{
		Config: tfsdk.Config{Raw: tftypes.NewValue(whole, values), Schema: schema.Schema},
	}, &resp)
	var found []string
	for _, d := range resp.Diagnostics {
		located, ok := d.(diag.DiagnosticWithPath)
		if !ok {
			t.Fatalf("%q has no attribute", d.Detail())
		}
		detail, named := strings.CutPrefix(d.Detail(), "Attribute: "+located.Path().String()+"\n\n")
		if !named {
			t.Errorf("%q does not name its attribute, which Terraform up to 1.14 does not show", d.Detail())
		}
		found = append(found, located.Path().String()+": "+detail)
	}
	return found
}

func TestConflictingSettings(t *testing.T) {
	t.Parallel()
	const url = "https://x.example.com"
	for name, test := range map[string]struct {
		given given
		says  string
	}{
		"right":                 {given{"url": url, "region": "us", "password_wo": "p"}, ""},
		"neither address":       {given{"region": "us", "password_wo": "p"}, "url: url is needed"},
		"both addresses":        {given{"url": url, "lookup_url": url, "region": "us"}, "lookup_url: lookup_url does not go with url"},
		"one address unknown":   {given{"url": unknown, "region": "us"}, ""},
		"one of both unknown":   {given{"url": url, "lookup_url": unknown, "region": "us"}, ""},
		"both unknown":          {given{"url": unknown, "lookup_url": unknown, "region": "us"}, ""},
		"delegate":              {given{"url": url, "region": "us", "access": "delegate"}, "mailbox: mailbox is needed"},
		"access unknown":        {given{"url": url, "region": "us", "access": unknown}, ""},
		"mailbox unknown":       {given{"url": url, "region": "us", "access": "delegate", "mailbox": unknown}, ""},
		"neither, access later": {given{"region": "us", "access": unknown}, "url: url is needed"},
		"grant and settings":    {given{"url": url, "region": "us", "key_wo": "k"}, "region: region must be eu"},
		"region unknown":        {given{"url": url, "region": unknown, "key_wo": "k"}, ""},
		"which secret unknown":  {given{"url": url, "region": "us", "key_wo": unknown, "password_wo": unknown}, ""},
		"two secrets":           {given{"url": url, "region": unknown, "key_wo": "k", "password_wo": "p"}, "password_wo: password and"},
		"a pair":                {given{"url": url, "region": "us", "left_wo": "1", "right_wo": "1"}, ""},
		"no pair":               {given{"url": url, "region": "us", "left_wo": "1", "right_wo": "2"}, "right_wo: right is not"},
		"half a pair unknown":   {given{"url": url, "region": "us", "left_wo": unknown, "right_wo": "2"}, ""},
		"pair, setting unknown": {given{"url": url, "region": unknown, "left_wo": "1", "right_wo": "2"}, ""},
		"wrong by itself":       {given{"url": "x", "lookup_url": url, "region": "us"}, ""},
		"empty secret":          {given{"url": url, "region": "us", "password_wo": ""}, ""},
		"all unknown": {given{
			"url": unknown, "lookup_url": unknown, "access": unknown, "mailbox": unknown, "region": unknown, "key_wo": unknown,
		}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := validated(t, test.given)
			if (len(got) == 0) != (test.says == "") || len(got) > 1 || len(got) == 1 && !strings.Contains(got[0], "choosy."+test.says) {
				t.Errorf("got %q, want %q", got, test.says)
			}
		})
	}
}
