package api

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// InHome replaces a leading ~ of a path by the home directory, as shells do. Terraform does not, and shells do not in
// --option=~/path.
func InHome(path string) (string, error) {
	rest, ok := strings.CutPrefix(path, "~")
	if !ok || rest != "" && !os.IsPathSeparator(rest[0]) {
		return path, nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return path, fmt.Errorf("the home directory is not known: %w", err)
	}
	return filepath.Join(home, rest), nil
}
