package target_test

import (
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCatalogFind(t *testing.T) {
	t.Parallel()
	second := &target.System{Name: "second"}
	catalog := target.Catalog{{Name: "first"}, second}
	if got, ok := catalog.Find("second"); got != second || !ok {
		t.Errorf("got %v, %t", got, ok)
	}
	for _, name := range []string{"", "Second", "third"} {
		if got, ok := catalog.Find(name); got != nil || ok {
			t.Errorf("%q: got %v, %t", name, got, ok)
		}
	}
}
