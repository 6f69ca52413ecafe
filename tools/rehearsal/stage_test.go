//go:build release

package rehearsal_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// rehearsal is a copy of this repository with a tag, from which a release was built.
type rehearsal struct {
	dir      string
	programs string // stand-ins, before all others on PATH
	notes    string // the file with the release notes
	env      []string
}

// The stand-in for go builds something small for other platforms than this one.
const compiler = `#!/bin/sh
if [ "$1" = build ] && [ "$GOOS/$GOARCH" != "$REHEARSAL_PLATFORM" ]; then
  while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then exec "$REHEARSAL_GO" build -o "$2" "$REHEARSAL_MAIN"; fi
    shift
  done
fi
exec "$REHEARSAL_GO" "$@"
`

// The stand-in for syft is told: $artifact --output spdx-json=$document.
const syft = `#!/bin/sh
case $3 in spdx-json=*) ;; *) echo "syft is asked for $3" >&2; exit 1 ;; esac
printf '{"spdxVersion": "SPDX-2.3", "name": "%s"}\n' "${1##*/}" >"${3#*=}"
`

// rehearse does what the workflow does for a tag, but for publishing.
func rehearse(t *testing.T) *rehearsal {
	t.Helper()
	root := t.TempDir()
	r := &rehearsal{dir: filepath.Join(root, "checkout"), programs: filepath.Join(root, "programs")}
	main := filepath.Join(root, "main.go")
	keys := filepath.Join(root, "gnupg")
	for _, folder := range []string{r.dir, r.programs, keys} {
		must(t, os.Mkdir(folder, 0o700))
	}
	for file, content := range map[string]string{
		main: "package main\n\nfunc main() {}\n", filepath.Join(r.programs, "go"): compiler, filepath.Join(r.programs, "syft"): syft,
	} {
		must(t, os.WriteFile(file, []byte(content), 0o700))
	}
	goreleaser, err := filepath.Abs(filepath.Join("..", "..", "bin", "goreleaser"))
	must(t, err)
	compiler, err := exec.LookPath("go")
	must(t, err)
	r.env = append(os.Environ(),
		"PATH="+r.programs+string(os.PathListSeparator)+os.Getenv("PATH"), "GNUPGHOME="+keys,
		"REHEARSAL_GO="+compiler, "REHEARSAL_PLATFORM="+runtime.GOOS+"/"+runtime.GOARCH, "REHEARSAL_MAIN="+main,
		"GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull,
		"GIT_AUTHOR_NAME=Rehearsal", "GIT_AUTHOR_EMAIL=rehearsal@example.com",
		"GIT_COMMITTER_NAME=Rehearsal", "GIT_COMMITTER_EMAIL=rehearsal@example.com",
	)
	r.copyRepository(t)
	r.prepare(t)
	r.run(t, "git", "init", "--quiet")
	r.run(t, "git", "remote", "add", "origin", "https://github.com/terraform-provider-riva/terraform-provider-riva.git")
	r.run(t, "git", "add", "--all")
	r.run(t, "git", "commit", "--quiet", "--message", "What is released")
	r.run(t, "git", "tag", "v"+version)

	t.Cleanup(func() { // the agent that keeps the key ends with the rehearsal, whose context has ended
		end := exec.Command("gpgconf", "--kill", "all")
		end.Env = r.env
		must(t, end.Run())
	})
	const user = "Rehearsal <rehearsal@example.com>"
	r.run(t, "gpg", "--batch", "--passphrase", "", "--quick-generate-key", user, "rsa2048", "sign", "never")
	r.env = append(r.env, "GPG_FINGERPRINT="+r.fingerprint(t))
	t.Log(r.run(t, goreleaser, "release", "--clean", "--skip=publish,announce", "--release-notes", r.notes))
	return r
}

// prepare makes the release notes as a maintainer and the release workflow do. Right after a release, nothing is unreleased, so
// that it adds an entry.
func (r *rehearsal) prepare(t *testing.T) {
	t.Helper()
	const heading = "\n## [Unreleased]\n"
	changelog := filepath.Join(r.dir, "CHANGELOG.md")
	text := strings.Replace(read(t, changelog), heading, heading+"\n- [A rehearsal](README.md).\n", 1)
	must(t, os.WriteFile(changelog, []byte(text), 0o600))
	t.Log(r.run(t, "tools/release-prepare.sh", version))
	r.notes = filepath.Join(filepath.Dir(r.dir), "notes.md")
	must(t, os.WriteFile(r.notes, []byte(r.run(t, "tools/release-notes.sh", version)), 0o600))
}

// copyRepository copies what git knows, and what it would if it was added: as it is, not as it was committed.
func (r *rehearsal) copyRepository(t *testing.T) {
	t.Helper()
	list := exec.CommandContext(t.Context(), "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard")
	list.Dir = filepath.Join("..", "..")
	names, err := list.Output()
	must(t, err)
	for name := range strings.SplitSeq(strings.TrimSuffix(string(names), "\x00"), "\x00") {
		from, to := filepath.Join("..", "..", name), filepath.Join(r.dir, name)
		content, err := os.ReadFile(from)
		if os.IsNotExist(err) {
			continue // it was removed
		}
		must(t, err)
		state, err := os.Stat(from)
		must(t, err)
		must(t, os.MkdirAll(filepath.Dir(to), 0o700))
		must(t, os.WriteFile(to, content, state.Mode()))
	}
}

func (r *rehearsal) fingerprint(t *testing.T) string {
	t.Helper()
	for line := range strings.Lines(r.run(t, "gpg", "--batch", "--with-colons", "--list-secret-keys")) {
		if fields := strings.Split(line, ":"); fields[0] == "fpr" {
			return fields[9]
		}
	}
	t.Fatal("the key was not made")
	return ""
}

// run runs a program in the copy to its end and returns what it said.
func (r *rehearsal) run(t *testing.T, program string, args ...string) string {
	t.Helper()
	command := exec.CommandContext(t.Context(), program, args...)
	command.Dir, command.Env = r.dir, r.env
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", program, strings.Join(args, " "), err, out)
	}
	return string(out)
}
