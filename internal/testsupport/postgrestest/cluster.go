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
	"strings"
	"testing"
)

// superuser is the role that owns the cluster.
const superuser = "riva"

// script creates and starts the cluster, writes a line each time it has started, and ends and removes it when its standard input
// ends.
//
//go:embed cluster.sh
var script string

// Cluster is a cluster of its own. It ends with this process, or when it is closed.
type Cluster struct {
	// Dir has the data directory "data" and the log "server.log".
	Dir string

	programs string
	command  *exec.Cmd
	input    io.WriteCloser
	output   *bufio.Reader
}

// Start starts a cluster for one test, for what would disturb the tests that share one. The options are further settings of
// the server, such as "log_statement=all".
func Start(tb testing.TB, options ...string) *Cluster {
	tb.Helper()
	c, err := StartCluster(options...)
	if err != nil {
		tb.Fatalf("PostgreSQL for the test: %v", err)
	}
	tb.Cleanup(func() {
		if err := c.Close(); err != nil {
			tb.Errorf("stop PostgreSQL: %v", err)
		}
	})
	return c
}

// Close ends the cluster and removes its files.
func (c *Cluster) Close() error { return errors.Join(c.input.Close(), c.command.Wait()) }

// Restart restarts the server in a mode of pg_ctl: "fast" ends all sessions, "immediate" is like a crash. It returns when the
// server accepts connections again.
func (c *Cluster) Restart(mode string) error {
	if _, err := fmt.Fprintln(c.input, mode); err != nil {
		return err
	}
	return c.ready()
}

func (c *Cluster) ready() error {
	line, err := c.output.ReadString('\n')
	if line == "ready\n" {
		return nil
	}
	return errors.Join(fmt.Errorf("start a cluster with %s:\n%s", c.programs, line), err)
}

// Address returns the address of a database of the cluster.
func (c *Cluster) Address(database string) string { return c.address(database).String() }

func (c *Cluster) address(database string) *url.URL {
	address := &url.URL{Scheme: "postgres", Path: "/" + database}
	address.RawQuery = url.Values{"host": {c.Dir}, "user": {superuser}}.Encode()
	return address
}

// Program is the path of a program of PostgreSQL, such as pg_dump.
func Program(tb testing.TB, name string) string {
	tb.Helper()
	programs, err := Programs()
	if err != nil {
		tb.Fatal(err)
	}
	return filepath.Join(programs, name)
}

// StartCluster is [Start] for commands. The caller closes the cluster.
func StartCluster(options ...string) (*Cluster, error) {
	programs, err := Programs()
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp("", "riva-postgres-")
	if err != nil {
		return nil, fmt.Errorf("create a directory: %w", err)
	}
	settings := ""
	if len(options) > 0 {
		settings = "-c " + strings.Join(options, " -c ")
	}
	//nolint:gosec,noctx // the tests choose the arguments, and it ends with the process
	command := exec.Command("sh", "-c", script, "cluster.sh", programs, dir, superuser, settings)
	if err := unprivileged(command, dir); err != nil {
		return nil, err
	}
	c := &Cluster{Dir: dir, programs: programs, command: command}
	if c.input, err = command.StdinPipe(); err != nil {
		return nil, err
	}
	output, err := command.StdoutPipe()
	if err != nil {
		return nil, err
	}
	c.output = bufio.NewReader(output)
	command.Env = append(os.Environ(), "LC_ALL=C", "PGOPTIONS=", "PGHOST=", "PGDATA=")
	command.Dir = dir
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("run sh: %w", err)
	}
	if err := c.ready(); err != nil {
		rest, _ := io.ReadAll(c.output) // what there is of the explanation
		return nil, errors.Join(fmt.Errorf("%w%s", err, rest), command.Wait())
	}
	return c, nil
}

// Programs returns the directory with initdb, pg_ctl and postgres: that of the initdb on PATH, else the newest where Debian
// or Homebrew install them.
func Programs() (string, error) {
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
