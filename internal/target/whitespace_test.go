package target_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestWhiteSpaceInSecretWarns(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ field, value, want string }{
		"in order":          {"password", "canary bird", ""},
		"not given":         {"password", "", ""},
		"space before":      {"password", " canary", "password begins with white space"},
		"line break at end": {"client_secret", "canary\n", "client_secret ends with white space"},
		"around":            {"refresh_token", "\tcanary\r\n", "refresh_token begins and ends with white space"},
		"fixed space":       {"password", "canary\u00a0", "password ends with white space"},
		"byte order mark":   {"password", "\uFEFFcanary", "password begins with white space"},
		"zero width":        {"password", "canary\u200b", "password ends with white space"},
		"line break inside": {"password", "can\r\nary", "password contains a line break"},
		"line separator":    {"password", "can\u2028ary", "password contains a line break"},
		"only spaces":       {"password", "  ", "password begins and ends with white space"},
		"key":               {"private_key", "\ncanary\n", ""},
		"JSON":              {"service_account", " canary ", ""},
		"setting":           {"client_id", " canary ", ""},
	} {
		got := crm().SecretWarnings(target.Credentials{test.field: test.value})
		if test.want == "" {
			if len(got) != 0 {
				t.Errorf("%s: got %v", name, got)
			}
			continue
		}
		if len(got) != 1 || got[0].Field != test.field || !strings.HasPrefix(got[0].Message, test.want+", which is sent") ||
			strings.Contains(got[0].Message, "can") {
			t.Errorf("%s: got %v", name, got)
		}
	}
}
