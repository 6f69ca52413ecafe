package store

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// walWriteLock and walRecoverLock are the bytes of SQLite's shared memory file that a writer, and a process that recovers the
// database, lock.
const (
	walWriteLock   = 120
	walRecoverLock = 122
)

// lockHolder names the process that has the database locked for writing, or the lock file; it is empty if that is not known. It
// does not open the files, see [OpenSQLite].
func lockHolder(path string) string {
	for _, at := range []struct {
		path  string
		bytes []uint64
	}{{path + "-shm", []uint64{walWriteLock, walRecoverLock}}, {path, nil}} {
		info, err := os.Stat(at.path)
		if err != nil {
			continue
		}
		stat, ok := info.Sys().(*syscall.Stat_t)
		if !ok {
			continue
		}
		locks, err := os.Open("/proc/locks")
		if err != nil {
			return ""
		}
		pid := findHolder(locks, stat.Dev, stat.Ino, at.bytes)
		_ = locks.Close() // it was only read
		if pid > 0 {
			return processName(pid)
		}
	}
	return ""
}

// findHolder reads the format of /proc/locks and returns the process with a write lock on one of the bytes of the file, or on
// any part of it if there are no bytes; 0 if no process has one.
func findHolder(locks io.Reader, device, inode uint64, bytes []uint64) int {
	file := fmt.Sprintf("%02x:%02x:%d", unix.Major(device), unix.Minor(device), inode)
	for lines := bufio.NewScanner(locks); lines.Scan(); {
		fields := strings.Fields(lines.Text()) // such as: 1: POSIX ADVISORY WRITE 4711 fe:00:1234 120 120
		if len(fields) != 8 || fields[3] != "WRITE" || fields[5] != file {
			continue
		}
		pid, err := strconv.Atoi(fields[4])
		if err == nil && pid > 0 && coversAny(fields[6], fields[7], bytes) {
			return pid
		}
	}
	return 0
}

func coversAny(first, last string, bytes []uint64) bool {
	from, err := strconv.ParseUint(first, 10, 64)
	if err != nil {
		return false
	}
	to, err := strconv.ParseUint(last, 10, 64)
	for _, b := range bytes {
		if from <= b && (b <= to || err != nil) { // "EOF"
			return true
		}
	}
	return len(bytes) == 0
}

// processName is the number of a process and, if it is known, the name of its program.
func processName(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	program := strings.Map(func(r rune) rune {
		if r > ' ' && r < 0x7f {
			return r
		}
		return -1
	}, string(name))
	if err != nil || program == "" {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("process %d (%s)", pid, program)
}
