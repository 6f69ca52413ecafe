//go:build linux

package store

import (
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

func TestHolderIsFoundInListOfLocks(t *testing.T) {
	t.Parallel()
	const locks = `1: POSIX  ADVISORY  READ 11 fe:00:77 128 128
2: POSIX  ADVISORY  WRITE 12 fe:00:77 121 121
2: -> POSIX  ADVISORY  WRITE 13 fe:00:77 120 120
3: POSIX  ADVISORY  WRITE 14 fe:01:77 120 120
4: POSIX  ADVISORY  WRITE 15 fe:00:78 120 120
5: POSIX  ADVISORY  WRITE 16 fe:00:77 120 127
6: FLOCK  ADVISORY  WRITE 17 103:05:9 0 EOF
7: FLOCK  ADVISORY  WRITE 0 fe:00:10 0 EOF
broken
8: POSIX  ADVISORY  WRITE many fe:00:11 x y
`
	for name, c := range map[string]struct {
		device, inode uint64
		bytes         []uint64
		want          int
	}{
		"writer":                    {unix.Mkdev(0xfe, 0), 77, []uint64{walWriteLock, walRecoverLock}, 16},
		"another byte":              {unix.Mkdev(0xfe, 0), 77, []uint64{200}, 0},
		"another device":            {unix.Mkdev(0xfe, 1), 77, []uint64{walWriteLock}, 14},
		"lock of a whole file":      {unix.Mkdev(0x103, 5), 9, nil, 17},
		"byte of a whole file":      {unix.Mkdev(0x103, 5), 9, []uint64{5}, 17},
		"process of another system": {unix.Mkdev(0xfe, 0), 10, nil, 0},
		"unreadable line":           {unix.Mkdev(0xfe, 0), 11, nil, 0},
		"file without locks":        {unix.Mkdev(0xfe, 0), 12, nil, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := findHolder(strings.NewReader(locks), c.device, c.inode, c.bytes); got != c.want {
				t.Errorf("got process %d, want %d", got, c.want)
			}
		})
	}
}
