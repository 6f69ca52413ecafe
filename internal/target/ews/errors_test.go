package ews_test

import (
	"os"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/errortabletest"
)

func TestErrorTable(t *testing.T) {
	t.Parallel()
	table, err := os.ReadFile("errors.tsv")
	if err != nil {
		t.Fatal(err)
	}
	errortabletest.Check(t, string(table), "testdata/vendor-codes.txt", exchange.System())
}
