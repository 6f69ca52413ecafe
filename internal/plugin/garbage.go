package plugin

import (
	"os"
	"runtime/debug"
)

const (
	// garbagePercent is how much garbage is collected at once, in percent of what is in use. Little is in use, and each call
	// leaves much garbage: Go's default of 100 percent takes a quarter of the time of a plan.
	garbagePercent = 400
	// memoryLimit, in bytes, makes collections more frequent where much is in use. It does not limit the memory of the process.
	memoryLimit = 256 << 20
)

// tuneGarbageCollector sets up the garbage collector, unless the user has: with the variables of Go's runtime.
func tuneGarbageCollector() {
	percent, limit := garbageSettings(os.Getenv)
	if percent > 0 {
		debug.SetGCPercent(percent)
	}
	if limit > 0 {
		debug.SetMemoryLimit(limit)
	}
}

// garbageSettings are the settings of the garbage collector. Zero leaves one as it is.
func garbageSettings(getenv func(string) string) (percent int, limit int64) {
	if getenv("GOGC") != "" || getenv("GOMEMLIMIT") != "" {
		return 0, 0
	}
	return garbagePercent, memoryLimit
}
