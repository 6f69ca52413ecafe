package cli

import (
	"os/exec"
	"syscall"
)

// detach keeps Ctrl-C in the terminal from closing the browser.
func detach(command *exec.Cmd) {
	command.SysProcAttr = &syscall.SysProcAttr{CreationFlags: syscall.CREATE_NEW_PROCESS_GROUP}
}
