package measure

import (
	"fmt"
	"os"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// Machine describes where a run took place.
type Machine struct {
	Processor string // empty if unknown
	Cores     int
	Memory    int64 // bytes; 0 if unknown
	System    string
	// Programs are what is measured or compared with, each with its version.
	Programs []string
}

func (m Machine) String() string {
	parts := []string{fmt.Sprintf("%d cores", m.Cores)}
	if m.Processor != "" {
		parts[0] += " of " + m.Processor
	}
	if m.Memory > 0 {
		parts = append(parts, fmt.Sprintf("%d GiB of memory", (m.Memory+1<<29)>>30))
	}
	return strings.Join(append(append(parts, m.System), m.Programs...), ", ")
}

var (
	modelName = regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`)
	memTotal  = regexp.MustCompile(`(?m)^MemTotal:\s*(\d+) kB$`)
)

// ThisMachine describes this machine and these programs. What it cannot find out is left out.
func ThisMachine(programs ...string) Machine {
	m := Machine{Cores: runtime.NumCPU(), System: runtime.GOOS + "/" + runtime.GOARCH, Programs: programs}
	if cpuinfo, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if match := modelName.FindSubmatch(cpuinfo); match != nil {
			m.Processor = strings.TrimSpace(string(match[1]))
		}
	}
	if meminfo, err := os.ReadFile("/proc/meminfo"); err == nil {
		if match := memTotal.FindSubmatch(meminfo); match != nil {
			kibibytes, _ := strconv.ParseInt(string(match[1]), 10, 64)
			m.Memory = kibibytes << 10
		}
	}
	return m
}

// LoadAverage returns the load average of the last minute, or ? if it is unknown.
func LoadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); len(fields) > 0 {
		return fields[0]
	}
	return "?"
}
