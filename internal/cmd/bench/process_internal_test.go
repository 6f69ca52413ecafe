package main

import (
	"testing"
	"time"
)

func TestFiguresOfAProcess(t *testing.T) {
	t.Parallel()
	status := []byte("Name:\tterraform\nVmPeak:\t 9 kB\nVmHWM:\t   2048 kB\nVmRSS:\t 1024 kB\n")
	if got := peakMemory(status); got != 2<<20 {
		t.Errorf("the peak memory is %d bytes, want 2 MiB", got)
	}
	// The name of a program can contain spaces and parentheses.
	stat := []byte("42 (a (b) c) S 1 42 42 0 -1 4194304 100 200 0 0 150 50 7 7 20 0 9 0 100 1 1")
	if got := cpuTime(stat); got != 2*time.Second {
		t.Errorf("the CPU time is %s, want 2 s", got)
	}
}

func TestFiguresOfAProcessThatEnded(t *testing.T) {
	t.Parallel()
	if memory, cpu := peakMemory(nil), cpuTime(nil); memory != 0 || cpu != 0 {
		t.Errorf("a process without files has %d bytes and %s", memory, cpu)
	}
}
