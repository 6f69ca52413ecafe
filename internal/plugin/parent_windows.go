package plugin

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// watchParent returns a function that waits for the end of the parent. The function returns true when it has ended, and false
// when the context is canceled first. Windows keeps the id of a parent that has ended, so the handle of the process is used.
func watchParent() func(context.Context) bool {
	handle, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(os.Getppid()))
	if err != nil { // no permission
		return func(context.Context) bool { return false }
	}
	return func(ctx context.Context) bool {
		defer windows.CloseHandle(handle) //nolint:errcheck // nothing follows
		for ctx.Err() == nil {
			event, err := windows.WaitForSingleObject(handle, uint32(pollInterval/time.Millisecond))
			if err != nil {
				return false
			}
			if event == windows.WAIT_OBJECT_0 {
				return true
			}
		}
		return false
	}
}
