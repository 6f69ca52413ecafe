package call_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/conformance"
)

func TestJSONAfterOtherText(t *testing.T) {
	t.Parallel()
	const document = `{"name":"Ada"}`
	const fatal = "PHP Fatal error:  Uncaught Error: x in /a.php:1\nStack trace:\n#0 {main}\n  thrown in /a.php on line 1\n"
	notices := conformance.PHPNotices()
	type test struct {
		body    string
		read    bool // as the response of a call
		isError bool // as the response of a failed call
	}
	tests := map[string]test{
		"byte order mark":              {"\uFEFF" + document, true, true},
		"white space and mark":         {" \n\uFEFF\n" + document, true, true},
		"all messages":                 {notices[0] + notices[1] + document, true, true},
		"message, then mark":           {notices[0] + "\uFEFF" + document, true, true},
		"mark, then message":           {"\uFEFF" + notices[0] + document, true, true},
		"fatal error with a stack":     {fatal + document, true, true},
		"message after it":             {document + "\n" + notices[0], true, true},
		"other text after it":          {document + "Database failure.", false, true},
		"another document after it":    {document + document, false, true},
		"other text before it":         {"Hello. " + document, false, false},
		"text like a message":          {"Notice: we moved. " + document, false, false},
		"message without a line break": {"Notice: x in /a.php on line 1 " + document, false, false},
		"messages only":                {notices[0] + notices[1], false, false},
		"a page after a message":       {notices[0] + "<html></html>", false, false},
		"many messages":                {strings.Repeat(notices[0], 10_000) + document, true, true},
		"half a message, often":        {strings.Repeat("Notice: ", 500_000) + document, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for call, decode := range map[string]struct {
				with func([]byte, any) error
				want bool
			}{"read": {call.DecodeJSON, test.read}, "error": {call.DecodeError, test.isError}} {
				var into struct{ Name string }
				if err := decode.with([]byte(test.body), &into); (err == nil) != decode.want || err == nil && into.Name != "Ada" {
					t.Errorf("%s: got %v, %+v", call, err, into)
				}
			}
		})
	}
}
