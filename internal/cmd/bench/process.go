package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// interval is the time between two samples. A process can use more CPU after its last sample, but its peak memory is that of its
// life so far, so a sample rarely misses it.
const interval = 50 * time.Millisecond

// processMeter samples the memory and CPU time of Terraform and its plugins from /proc while they run. On systems without /proc
// everything is 0.
type processMeter struct {
	pid       int
	figures   figures
	pluginCPU map[int]time.Duration
	end, done chan struct{}
}

func startMeter(pid int) *processMeter {
	m := &processMeter{pid: pid, pluginCPU: map[int]time.Duration{}, end: make(chan struct{}), done: make(chan struct{})}
	go func() {
		defer close(m.done)
		ticker := time.NewTicker(interval)
		defer ticker.Stop()
		for {
			m.sample(m.pid)
			select {
			case <-ticker.C:
			case <-m.end:
				return
			}
		}
	}()
	return m
}

// stop ends the sampling and returns the figures that it found.
func (m *processMeter) stop() figures {
	close(m.end)
	<-m.done
	for _, cpu := range m.pluginCPU {
		m.figures.pluginCPU += cpu
	}
	return m.figures
}

// sample reads the figures of a process and its descendants. Processes may end meanwhile.
func (m *processMeter) sample(pid int) {
	folder := "/proc/" + strconv.Itoa(pid)
	// A plugin shares the memory of Terraform until it executes its own program.
	program, _ := os.Readlink(folder + "/exe")
	status, _ := os.ReadFile(folder + "/status")
	if strings.HasPrefix(filepath.Base(program), "terraform-provider-") {
		m.figures.pluginMemory = max(m.figures.pluginMemory, peakMemory(status))
		stat, _ := os.ReadFile(folder + "/stat")
		m.pluginCPU[pid] = max(m.pluginCPU[pid], cpuTime(stat))
	} else {
		m.figures.memory = max(m.figures.memory, peakMemory(status))
	}
	tasks, _ := filepath.Glob(folder + "/task/*/children")
	for _, task := range tasks {
		children, _ := os.ReadFile(task)
		for child := range bytes.FieldsSeq(children) {
			if pid, err := strconv.Atoi(string(child)); err == nil {
				m.sample(pid)
			}
		}
	}
}

// peakMemory returns the peak resident set in a /proc/…/status, in bytes; 0 if it is absent.
func peakMemory(status []byte) int64 {
	_, rest, _ := bytes.Cut(status, []byte("VmHWM:"))
	var kibibytes int64
	if _, err := fmt.Sscan(string(rest), &kibibytes); err != nil {
		return 0
	}
	return kibibytes << 10
}

// cpuTime returns the user and system time in a /proc/…/stat; 0 if they are absent. Its unit is always 10 ms.
func cpuTime(stat []byte) time.Duration {
	end := bytes.LastIndexByte(stat, ')') // of the name, which can contain spaces
	fields := strings.Fields(string(stat[end+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, err1 := strconv.ParseInt(fields[11], 10, 64)
	system, err2 := strconv.ParseInt(fields[12], 10, 64)
	if err1 != nil || err2 != nil {
		return 0
	}
	return time.Duration(user+system) * 10 * time.Millisecond
}
