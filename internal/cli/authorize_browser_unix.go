//go:build unix

package cli

import (
	"os/exec"
	"syscall"
)

// detach keeps Ctrl-C in the terminal from closing the browser.
func detach(command *exec.Cmd) { command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }
