package call_test

import (
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

func TestDecodeXML(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct{ body, want string }{
		"right":            {`<?xml version="1.0"?><x:a xmlns:x="urn:x"><b>c</b></x:a>`, ""},
		"another element":  {`<z><b>c</b></z>`, "not the expected XML"},
		"type declaration": {`<!DOCTYPE a [<!ENTITY b "c">]><a><b>&b;</b></a>`, "type declaration"},
		"unknown entity":   {`<a><b>&c;</b></a>`, "not the expected XML"},
		"other charset":    {`<?xml version="1.0" encoding="utf-7"?><a/>`, "not the expected XML"},
		"deep":             {"<a>" + strings.Repeat("<b>", 100_000), "64 levels"},
		"broken off":       {`<a><b>c</b`, "incomplete"},
		"JSON":             {`{"a":1}`, "not the expected XML"},
		"nothing":          {``, "empty"},
		"mark only":        {"\uFEFF\n", "empty"},
		"byte order mark":  {"\uFEFF" + `<?xml version="1.0" encoding="utf-8"?><a><b>c</b></a>`, ""},
		"space before it":  {"\r\n \uFEFF\n" + `<?xml version="1.0"?><a><b>c</b></a>`, ""},
	} {
		var into struct {
			XMLName struct{} `xml:"a"`
			B       string   `xml:"b"`
		}
		err := call.DecodeXML([]byte(test.body), &into)
		switch {
		case test.want == "" && (err != nil || into.B != "c"):
			t.Errorf("%s: got %v, %q", name, err, into.B)
		case test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)):
			t.Errorf("%s: got %v, want %q", name, err, test.want)
		}
	}
}
