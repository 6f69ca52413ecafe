package plugin

import (
	"context"
	"os"
	"time"

	"golang.org/x/sys/windows"
)

// parentWait reports whether the parent ended, or false once the context is canceled. Windows keeps the id of a parent that has
// ended, so its handle is waited for.
func parentWait(ctx context.Context) bool {
	handle, err := windows.OpenProcess(windows.SYNCHRONIZE, false, uint32(os.Getppid()))
	if err != nil {
		return false // without the right to look at it
	}
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
