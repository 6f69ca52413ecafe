package salesforce

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/errortabletest"
)

func TestTableOfErrorsIsComplete(t *testing.T) {
	t.Parallel()
	errortabletest.Check(t, errorRows, "testdata/vendor-codes.txt", System())
}
