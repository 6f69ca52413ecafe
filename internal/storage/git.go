package storage

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
	"unicode"
)

const (
	// gitTimeout limits the question to git.
	gitTimeout = 5 * time.Second
	// gitNotIgnored is the exit status of git check-ignore for a file that git does not ignore.
	gitNotIgnored = 1
	// maxGitMessage is the length of the part of git's message that is shown.
	maxGitMessage = 200
)

// checkGit returns an error if the keyset could be committed by mistake: the file, without symbolic links, is in a work tree of
// git, and git does not ignore it. If git cannot be asked, it returns a warning. Git is only run if there is a work tree.
func checkGit(ctx context.Context, path, resolved string) (warning string, err error) {
	tree, inside := parents(resolved, func(dir string) bool {
		_, err := os.Lstat(filepath.Join(dir, ".git")) // a file in linked work trees and submodules
		return err == nil
	})
	if !inside {
		return "", nil
	}
	ignored, err := gitIgnores(ctx, resolved)
	switch {
	case err != nil && ctx.Err() != nil:
		return "", ctx.Err()
	case err != nil:
		return fmt.Sprintf("The keyset %s is in the git work tree %s, and it is not known whether git ignores it (%v): make sure "+
			"that it is never committed, or move it out of the work tree.", path, tree, err), nil
	case !ignored:
		return "", &KeysetPlaceError{Path: path, Reason: fmt.Sprintf("it is in the git work tree %s, and git does not ignore it, so "+
			"it could be committed by mistake: configure a path outside of the work tree, or add the file to .gitignore", tree)}
	}
	return "", nil
}

// gitIgnores asks git. A file system monitor that the repository configures is a program, and it is not run.
func gitIgnores(ctx context.Context, path string) (bool, error) {
	git, err := exec.LookPath("git")
	if err != nil {
		return false, errors.New("git is not installed")
	}
	dir, _ := parents(path, func(dir string) bool {
		info, err := os.Stat(dir)
		return err == nil && info.IsDir()
	})
	ctx, cancel := context.WithTimeout(ctx, gitTimeout)
	defer cancel()
	//nolint:gosec // it is the git of this user, and the path is an argument after "--"
	command := exec.CommandContext(ctx, git, "-c", "core.fsmonitor=", "-C", dir, "check-ignore", "--no-index", "--quiet", "--", path)
	command.Env, command.WaitDelay = gitEnvironment(), time.Second
	var stderr bytes.Buffer
	command.Stderr = &stderr
	err = command.Run()
	exit, exited := errors.AsType[*exec.ExitError](err)
	switch {
	case err == nil:
		return true, nil
	case ctx.Err() != nil:
		return false, fmt.Errorf("git did not answer within %s", gitTimeout)
	case exited && exit.ExitCode() == gitNotIgnored:
		return false, nil
	}
	if message := firstLine(stderr.String()); message != "" {
		return false, errors.New(message)
	}
	return false, err
}

// gitEnvironment is the environment without the variables that point git to another repository, such as in a hook, and without
// those that can have secrets.
func gitEnvironment() []string {
	environment := []string{"LC_ALL=C", "GIT_OPTIONAL_LOCKS=0"}
	for _, variable := range os.Environ() {
		name, _, _ := strings.Cut(strings.ToUpper(variable), "=")
		if !strings.HasPrefix(name, "GIT_") && !strings.HasPrefix(name, "TF_") && !strings.HasPrefix(name, "RIVA_") {
			environment = append(environment, variable)
		}
	}
	return environment
}

func firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	line = strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return -1
	}, line)
	if runes := []rune(line); len(runes) > maxGitMessage {
		return string(runes[:maxGitMessage]) + "…"
	}
	return line
}
