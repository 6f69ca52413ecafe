package provider_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

func TestMain(m *testing.M) { acctest.Main(m, panickingSystem(), certificateSystem()) }

// noFilter matches every connection.
var noFilter = api.ConnectionFilter{}
