package postgrestest

import (
	"errors"
	"os/exec"
)

// unprivileged returns an error: a cluster is started with a shell and a Unix socket.
func unprivileged(*exec.Cmd, string) error {
	return errors.New("a cluster for tests cannot be started on Windows")
}
