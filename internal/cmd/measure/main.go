package measure

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// Main runs a command that measures. It ends with an error after the timeout or a signal, and then exits with status 1.
func Main(timeout time.Duration, run func(ctx context.Context) error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeoutCause(ctx, timeout, fmt.Errorf("the run took longer than %s (-timeout)", timeout))
	err := run(ctx)
	cancel()
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "Error:", err)
		os.Exit(1)
	}
}

// CheckPage reports whether -page, unless it is empty, names a file.
func CheckPage(page string) error {
	if page == "" {
		return nil
	}
	if _, err := os.Stat(page); err != nil {
		return errors.Join(errors.New("-page does not name a file"), err)
	}
	return nil
}
