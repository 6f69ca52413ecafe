//go:build unix

package checkout_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMain takes the tests to the root of the repository: all they speak of is named from there.
func TestMain(m *testing.M) {
	if err := os.Chdir(filepath.Join("..", "..")); err != nil {
		panic(fmt.Sprintf("go to the root of the repository: %v", err)) //nolint:forbidigo // this is the main of a test binary
	}
	m.Run() // the exit status is taken from it
}
