package postgrestest

import (
	"bufio"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
)

// superuser is the role that owns the cluster.
const superuser = "riva"

// script creates and starts the cluster, writes one line, and ends and removes it when its standard input ends.
//
//go:embed cluster.sh
var script string

// running is the standard input of the script. Only this process has it, and never closes it: the garbage collector would close
// what nothing refers to.
var running io.Closer //nolint:unused // being referred to is its use

// startCluster starts a cluster that ends with this process.
func startCluster() (*url.URL, error) {
	binaries, err := findBinaries()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "riva-postgres-")
	if err != nil {
		return nil, fmt.Errorf("create a directory: %w", err)
	}
	//nolint:gosec,noctx // the tests choose the arguments, and it ends with the process
	command := exec.Command("sh", "-c", script, "cluster.sh", binaries, dir, superuser)
	if err := unprivileged(command, dir); err != nil {
		return nil, err
	}
	if running, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	command.Env = append(os.Environ(), "LC_ALL=C", "PGOPTIONS=", "PGHOST=", "PGDATA=")
	command.Dir = dir
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("run sh: %w", err)
	}
	reader := bufio.NewReader(output)
	if line, err := reader.ReadString('\n'); err != nil || line != "ready\n" {
		rest, _ := io.ReadAll(reader) // what there is of the explanation
		return nil, errors.Join(fmt.Errorf("start a cluster with %s:\n%s%s", binaries, line, rest), command.Wait())
	}
	address := &url.URL{Scheme: "postgres", Path: "/postgres"}
	address.RawQuery = url.Values{"host": {dir}, "user": {superuser}}.Encode()
	return address, nil
}

// findBinaries returns the directory with initdb, pg_ctl and postgres: that of the initdb on PATH, else the newest where Debian
// or Homebrew install them.
func findBinaries() (string, error) {
	var all []string
	for _, pattern := range []string{
		"/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin", "/usr/local/opt/postgresql@*/bin",
	} {
		found, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		all = append(all, found...)
	}
	slices.SortFunc(all, func(a, b string) int { return version(b) - version(a) })
	if initdb, err := exec.LookPath("initdb"); err == nil {
		if initdb, err = filepath.EvalSymlinks(initdb); err == nil {
			all = append([]string{filepath.Dir(initdb)}, all...)
		}
	}
	for _, dir := range all {
		if hasPrograms(dir) {
			return dir, nil
		}
	}
	return "", fmt.Errorf("initdb, pg_ctl and postgres are neither on PATH nor in /usr/lib/postgresql: %w", exec.ErrNotFound)
}

// version is the number in a path such as /usr/lib/postgresql/15/bin, 0 if it has none.
func version(dir string) int {
	name := filepath.Base(filepath.Dir(dir))
	for name != "" && (name[0] < '0' || name[0] > '9') {
		name = name[1:]
	}
	number, err := strconv.Atoi(name)
	if err != nil {
		return 0
	}
	return number
}

func hasPrograms(dir string) bool {
	for _, name := range []string{"initdb", "pg_ctl", "postgres"} {
		if _, err := exec.LookPath(filepath.Join(dir, name)); err != nil {
			return false
		}
	}
	return true
}
