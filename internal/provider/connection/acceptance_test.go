package connection_test

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m, panickingSystem(), certificateSystem()) }

type values = acctest.Values

// mail is the connection of [acctest.Mail], and mailTest its test.
const (
	mail     = "riva_connection.mail"
	mailTest = "data.riva_connection_test.mail"
)

// expectTestPassed expects that the connection test of [acctest.Check] passed.
func expectTestPassed() []statecheck.StateCheck {
	return []statecheck.StateCheck{acctest.Expect(mailTest, "passed", knownvalue.Bool(true))}
}
