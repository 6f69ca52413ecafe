package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// serve starts the stand-ins of an earlier demo again, until the context ends.
func serve(ctx context.Context, s settings) (err error) {
	text, err := os.ReadFile(filepath.Join(s.folder, standInsName))
	if err != nil {
		return fmt.Errorf("read what the stand-ins were (make demo writes it): %w", err)
	}
	var saved savedStandIns
	if err := json.Unmarshal(text, &saved); err != nil {
		return fmt.Errorf("read what the stand-ins were: %w", err)
	}
	running, err := startStandIns(saved)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.close()) }()
	fmt.Printf("The stand-ins for Exchange (%s) and Salesforce (%s) are running. Ctrl-C stops them.\n",
		saved.Exchange, saved.MyDomain)
	<-ctx.Done()
	_, err = fmt.Println("Stopped.")
	return err
}
