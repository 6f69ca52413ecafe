package call

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
)

func TestSchemesAreLimited(t *testing.T) {
	t.Parallel()
	many := make([]string, 50_000)
	for i := range many {
		many[i] = "s" + strconv.Itoa(i)
	}
	filler := strings.Repeat(" ", maxChallengeBytes-len("NTLM,"))
	for name, test := range map[string]struct {
		headers []string
		want    []string
	}{
		"many in one header":  {[]string{strings.Join(many, ",")}, many[:maxSchemes]},
		"many headers":        {many, many[:maxSchemes]},
		"one many times":      {slices.Repeat([]string{"NTLM"}, 50_000), []string{"NTLM"}},
		"after 64 KiB":        {[]string{"NTLM," + filler, "Basic"}, []string{"NTLM"}},
		"a long name":         {[]string{strings.Repeat("x", maxSchemeLength+1), "Basic"}, []string{"Basic"}},
		"quoted commas":       {[]string{`Digest realm="a, Basic b", nonce="Basic"`, "NTLM"}, []string{"Digest", "NTLM"}},
		"a quote without end": {[]string{`Digest realm="a, Basic`}, []string{"Digest"}},
		"many quotes":         {[]string{"Digest " + strings.Repeat(`"`, 100_001) + ", Basic"}, []string{"Digest"}},
	} {
		if got := Schemes(http.Header{"Www-Authenticate": test.headers}); !slices.Equal(got, test.want) {
			t.Errorf("%s: got %s", name, fmt.Sprintf("%.200q, want %.200q", got, test.want))
		}
	}
}
