package validators_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/validators"
)

func TestName(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value types.String
		wrong string
	}{
		"plain":              {types.StringValue("Exchange"), ""},
		"200 characters":     {types.StringValue(strings.Repeat("é", 200)), ""},
		"unknown":            {types.StringUnknown(), ""},
		"null":               {types.StringNull(), ""},
		"empty":              {types.StringValue(""), "between 1 and 200"},
		"201 characters":     {types.StringValue(strings.Repeat("é", 201)), "between 1 and 200"},
		"line break":         {types.StringValue("Exchange\n"), "must not contain control characters"},
		"escape":             {types.StringValue("Ex\x1b[31mchange"), "must not contain control characters"},
		"next line":          {types.StringValue("Ex\u0085change"), "must not contain control characters"},
		"zero width":         {types.StringValue("Ex\u200bchange"), "name must not contain the character U+200B"},
		"direction":          {types.StringValue("\u202eegnahcxE"), "name must not contain the character U+202E"},
		"joined emoji":       {types.StringValue("Team 👩\u200d💻"), ""},
		"white space":        {types.StringValue(" Exchange"), "must not begin or end with white space"},
		"white space after":  {types.StringValue("Exchange\u00a0"), "trimspace(…)"},
		"white space inside": {types.StringValue("My Exchange"), ""},
		"one character":      {types.StringValue("E"), ""},
		"white space alone":  {types.StringValue(" \u00a0 "), "must not be only white space"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, "name", validators.Name(), test.value, test.wrong)
		})
	}
}

func TestEmail(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		value types.String
		wrong string
	}{
		"plain":        {types.StringValue("ada@example.com"), ""},
		"upper case":   {types.StringValue("Ada@Example.COM"), ""},
		"unknown":      {types.StringUnknown(), ""},
		"254 bytes":    {types.StringValue(strings.Repeat("a", 242) + "@example.com"), ""},
		"255 bytes":    {types.StringValue(strings.Repeat("a", 243) + "@example.com"), "at most 254"},
		"no at":        {types.StringValue("ada"), "email must be one email address"},
		"no local":     {types.StringValue("@example.com"), "email must be one email address"},
		"with a name":  {types.StringValue("Ada <ada@example.com>"), "email must be one email address"},
		"two":          {types.StringValue("ada@example.com,b@example.com"), "email must be one email address"},
		"line break":   {types.StringValue("ada@example.com\n"), "email must not contain control characters"},
		"zero width":   {types.StringValue("ada\u200b@example.com"), "email must not contain the character U+200B"},
		"header split": {types.StringValue("ada@example.com\r\nBcc: b@example.com"), "control characters"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, "email", validators.Email(), test.value, test.wrong)
		})
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	const finding = "The data source riva_sync_policy finds one by name."
	for name, test := range map[string]struct {
		value types.String
		wrong string
	}{
		"id":              {types.StringValue("0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"), ""},
		"unknown":         {types.StringUnknown(), ""},
		"null":            {types.StringNull(), ""},
		"empty":           {types.StringValue(""), `"" is not an id. ` + finding},
		"name":            {types.StringValue("Mail"), `policy_id must be the id of a sync policy, such as "0192`},
		"dot":             {types.StringValue("."), finding},
		"dots":            {types.StringValue(".."), finding},
		"another address": {types.StringValue("../users"), finding},
		"white space":     {types.StringValue(" 0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"), finding},
		"another form":    {types.StringValue("{0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10}"), finding},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			expect(t, "policy_id", validators.ID("sync policy", finding), test.value, test.wrong)
		})
	}
}

// expect runs the validators and expects the message, or no diagnostic if it is empty.
func expect(t *testing.T, attribute string, all []validator.String, value types.String, wrong string) {
	t.Helper()
	var messages []string
	for _, v := range all {
		var resp validator.StringResponse
		v.ValidateString(t.Context(), validator.StringRequest{Path: path.Root(attribute), ConfigValue: value}, &resp)
		for _, d := range resp.Diagnostics {
			messages = append(messages, d.Detail())
		}
	}
	text := strings.Join(messages, "\n")
	if wrong == "" && text != "" {
		t.Errorf("%s was rejected: %s", value, text)
	}
	if wrong != "" && !strings.Contains(text, wrong) {
		t.Errorf("%s: want %q in %q", value, wrong, text)
	}
}
