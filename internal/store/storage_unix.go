//go:build unix

package store

import (
	"errors"
	"io/fs"
	"math"
	"syscall"

	"golang.org/x/sys/unix"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// openNonBlocking makes opening a named pipe return at once.
const openNonBlocking = syscall.O_NONBLOCK

func fileErrorKind(err error) model.StorageKind {
	switch {
	case errors.Is(err, syscall.ENOSPC):
		return model.StorageFull
	case errors.Is(err, syscall.EDQUOT):
		return model.StorageQuota
	case errors.Is(err, syscall.EFBIG):
		return model.StorageSizeLimit
	case errors.Is(err, syscall.EROFS):
		return model.StorageReadOnly
	case errors.Is(err, fs.ErrPermission):
		return model.StorageDenied
	}
	return model.StorageFailed
}

// maxFileSize is the limit of this process for the size of a file.
func maxFileSize() int64 {
	var limit unix.Rlimit
	if err := unix.Getrlimit(unix.RLIMIT_FSIZE, &limit); err != nil || limit.Cur > math.MaxInt64 {
		return math.MaxInt64
	}
	return int64(limit.Cur)
}

// checkWritable returns the error of writing to the path, without opening it.
func checkWritable(path string) error { return unix.Access(path, unix.W_OK) }
