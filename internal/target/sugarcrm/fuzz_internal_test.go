package sugarcrm

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/fuzztest"
)

func FuzzParseError(f *testing.F) { fuzztest.Responses(f, parseError) }
