package salesforce_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m) }
