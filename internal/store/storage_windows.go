package store

import (
	"errors"
	"io/fs"
	"math"

	"golang.org/x/sys/windows"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// openNonBlocking is not needed: named pipes are not files in directories.
const openNonBlocking = 0

func fileErrorKind(err error) model.StorageKind {
	switch {
	case errors.Is(err, windows.ERROR_DISK_FULL), errors.Is(err, windows.ERROR_HANDLE_DISK_FULL):
		return model.StorageFull
	case errors.Is(err, windows.ERROR_DISK_QUOTA_EXCEEDED):
		return model.StorageQuota
	case errors.Is(err, windows.ERROR_FILE_TOO_LARGE):
		return model.StorageSizeLimit
	case errors.Is(err, windows.ERROR_WRITE_PROTECT):
		return model.StorageReadOnly
	case errors.Is(err, fs.ErrPermission):
		return model.StorageDenied
	}
	return model.StorageFailed
}

// maxFileSize is the limit of this process for the size of a file: Windows has none.
func maxFileSize() int64 { return math.MaxInt64 }

// checkWritable returns nil: Windows does not say it without opening the file.
func checkWritable(string) error { return nil }
