package sandbox_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

func TestEncodings(t *testing.T) {
	t.Parallel()
	const secret = `p&"<w0rd>`
	for encoding, want := range map[sandbox.Encoding]string{
		sandbox.Raw: secret, sandbox.Upper: `P&"<W0RD>`, sandbox.Lower: secret, sandbox.Split: "p&\"<w \n0rd>",
		sandbox.Percent: "%70%26%22%3c%77%30%72%64%3e", sandbox.JSONInJSON: `\"secret\":\"p\\u0026`,
		sandbox.XMLInXML: "&lt;secret&gt;p&amp;amp;", sandbox.Entities: "&#x70;&#x26;", sandbox.HexEscapes: `\x70\x26`,
		sandbox.UnicodeEscapes: `\u0070\u0026`, sandbox.QuotedPrintable: "=70=26=22",
		sandbox.Base64: base64.StdEncoding.EncodeToString([]byte(secret)), sandbox.CutAtMessageSize: "x " + secret,
	} {
		if got := encoding.Encode(secret); !strings.Contains(got, want) {
			t.Errorf("%s: %q is not in %q", encoding, want, got)
		}
	}
	seen := map[string]sandbox.Encoding{}
	for _, encoding := range sandbox.Encodings() {
		got := encoding.Encode(strings.ToUpper(secret))
		if other, ok := seen[got]; ok && encoding != sandbox.Upper {
			t.Errorf("%s and %s are the same", encoding, other)
		}
		seen[got] = encoding
	}
}

func TestEchoRepeatsEverySecretOnce(t *testing.T) {
	t.Parallel()
	fault := sandbox.Fault{Secret: "B"}.In(sandbox.Lower)
	if got := new(sandbox.Call).Echo(fault, "Failed", "A", "", "B"); got != "Failed; a; b" {
		t.Errorf("got %q", got)
	}
	if got := new(sandbox.Call).Echo(sandbox.Fault{}, "Failed", "a b"); got != "Failed; a b (a+b, YSBi)" {
		t.Errorf("without an encoding: %q", got)
	}
}
