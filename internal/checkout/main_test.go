//go:build unix

package checkout_test

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

// TestMain changes to the root of the repository: the tests use paths relative to it.
func TestMain(m *testing.M) {
	if err := os.Chdir(filepath.Join("..", "..")); err != nil {
		panic(fmt.Sprintf("change to the root of the repository: %v", err)) //nolint:forbidigo // this is the main of a test binary
	}
	m.Run() // the test binary exits with its status
}
