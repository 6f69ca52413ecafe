package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"strconv"
	"strings"
)

// machine describes where a run took place.
type machine struct {
	processor string // empty if unknown
	cores     int
	memory    int64 // bytes; 0 if unknown
	system    string
	terraform string // with its version
}

func (m machine) String() string {
	parts := []string{fmt.Sprintf("%d cores", m.cores)}
	if m.processor != "" {
		parts[0] += " of " + m.processor
	}
	if m.memory > 0 {
		parts = append(parts, fmt.Sprintf("%d GiB of memory", (m.memory+1<<29)>>30))
	}
	return strings.Join(append(parts, m.system, m.terraform), ", ")
}

var (
	modelName = regexp.MustCompile(`(?m)^model name\s*:\s*(.+)$`)
	memTotal  = regexp.MustCompile(`(?m)^MemTotal:\s*(\d+) kB$`)
)

// thisMachine describes this machine. What it cannot find out is left out.
func thisMachine(ctx context.Context, terraform string) machine {
	m := machine{cores: runtime.NumCPU(), system: runtime.GOOS + "/" + runtime.GOARCH, terraform: terraformVersion(ctx, terraform)}
	if cpuinfo, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		if match := modelName.FindSubmatch(cpuinfo); match != nil {
			m.processor = strings.TrimSpace(string(match[1]))
		}
	}
	if meminfo, err := os.ReadFile("/proc/meminfo"); err == nil {
		if match := memTotal.FindSubmatch(meminfo); match != nil {
			kibibytes, _ := strconv.ParseInt(string(match[1]), 10, 64)
			m.memory = kibibytes << 10
		}
	}
	return m
}

// terraformVersion returns the product and its version, such as Terraform 1.11.4.
func terraformVersion(ctx context.Context, terraform string) string {
	out, err := exec.CommandContext(ctx, terraform, "version", "-json").Output()
	var version struct {
		Version string `json:"terraform_version"`
	}
	if err != nil || json.Unmarshal(out, &version) != nil {
		return "an unknown version of Terraform"
	}
	product := "Terraform"
	if strings.Contains(terraform, "tofu") {
		product = "OpenTofu"
	}
	return product + " " + version.Version
}

// loadAverage returns the load average of the last minute, or ? if it is unknown.
func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if fields := strings.Fields(string(text)); len(fields) > 0 {
		return fields[0]
	}
	return "?"
}
