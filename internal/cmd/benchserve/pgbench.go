package main

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// pgbenchScale is the size of pgbench's tables: 1,000,000 rows, which fit into memory.
const pgbenchScale = 10

// pgbench runs PostgreSQL's own benchmark, as the measure of what the machine and the database can do.
type pgbench struct {
	// programs is the directory with the programs of PostgreSQL.
	programs string
	address  string
}

// initialize creates the tables of pgbench in their database.
func (p pgbench) initialize(ctx context.Context) error {
	_, err := p.run(ctx, "-i", "-q", "-s", strconv.Itoa(pgbenchScale))
	return err
}

// transactions returns the transactions per second that a run reaches.
func (p pgbench) transactions(ctx context.Context, length time.Duration, args ...string) (int64, error) {
	out, err := p.run(ctx, append(args, "-n", "-M", "prepared", "-T", strconv.Itoa(max(1, int(length.Seconds()))))...)
	if err != nil {
		return 0, err
	}
	return transactionsIn(out)
}

// version returns the version, such as PostgreSQL 15.14.
func (p pgbench) version(ctx context.Context) (string, error) {
	out, err := exec.CommandContext(ctx, filepath.Join(p.programs, "pgbench"), "--version").Output()
	if err != nil {
		return "", fmt.Errorf("pgbench --version: %w", err)
	}
	return "PostgreSQL " + strings.Fields(strings.TrimPrefix(string(out), "pgbench (PostgreSQL) "))[0], nil
}

// tps finds the result in pgbench's output, such as "tps = 12345.678 (without initial connection time)".
var tps = regexp.MustCompile(`(?m)^tps = (\d+)`)

func transactionsIn(output string) (int64, error) {
	match := tps.FindStringSubmatch(output)
	if match == nil {
		return 0, fmt.Errorf("pgbench printed no result:\n%s", output)
	}
	return strconv.ParseInt(match[1], 10, 64)
}

func (p pgbench) run(ctx context.Context, args ...string) (string, error) {
	command := exec.CommandContext(ctx, filepath.Join(p.programs, "pgbench"), append(args, p.address)...)
	out, err := command.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("pgbench %s: %w\n%s", strings.Join(args, " "), err, out)
	}
	return string(out), nil
}
