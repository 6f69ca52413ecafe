// Package garbage sets up Go's garbage collector for processes that keep little and answer many calls: the plugin, and a shared
// control plane.
package garbage

import (
	"os"
	"runtime/debug"
)

const (
	// percent is how much garbage is collected at once, in percent of what is in use. Little is in use, and each call leaves much
	// garbage: Go's default of 100 percent takes a quarter of the time of a plan.
	percent = 400
	// limit, in bytes, makes collections more frequent where much is in use. It does not limit the memory of the process.
	limit = 256 << 20
)

// Tune sets up the garbage collector of this process, unless the user has: with the variables of Go's runtime.
func Tune() {
	percent, limit := settings(os.Getenv)
	if percent > 0 {
		debug.SetGCPercent(percent)
	}
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
}

// settings are the settings of the garbage collector. Zero leaves one as it is.
func settings(getenv func(string) string) (int, int64) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return 0, 0
	}
	return percent, limit
}
