//go:build release

package rehearsal_test

import (
	"archive/zip"
	"bufio"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
)

const (
	version = "1.2.3"
	// prefix is how the registries want everything of a release to begin.
	prefix = "terraform-provider-riva_" + version + "_"
)

// platforms are all that Go and the database have in common with the platforms of the registries.
var platforms = []string{
	"darwin_amd64", "darwin_arm64", "freebsd_386", "freebsd_amd64", "freebsd_arm", "freebsd_arm64",
	"linux_386", "linux_amd64", "linux_arm", "linux_arm64", "windows_386", "windows_amd64", "windows_arm64",
}

// What the registries ask: https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release
func TestReleaseArtifacts(t *testing.T) {
	t.Parallel()
	r := rehearse(t)
	dist := func(name string) string { return filepath.Join(r.dir, "dist", prefix+name) }

	var want []string
	for _, platform := range platforms {
		archive := dist(platform + ".zip")
		want = append(want, archive)
		binary := "terraform-provider-riva_v" + version
		if strings.HasPrefix(platform, "windows_") {
			binary += ".exe"
		}
		if got, members := unpack(t, archive, r.programs), []string{"LICENSE", binary}; !slices.Equal(got, members) {
			t.Errorf("%s holds %v, want %v", archive, got, members)
		}
		if list := (struct{ Name string }{}); readJSON(t, archive+".sbom.json", &list) && list.Name != filepath.Base(archive) {
			t.Errorf("what lies beside %s tells of %q", archive, list.Name)
		}
	}
	if got, err := filepath.Glob(filepath.Join(r.dir, "dist", "*.zip")); err != nil || !slices.Equal(got, want) {
		t.Errorf("the archives are (%v)\n%s\nwant\n%s", err, strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	manifest := filepath.Join(r.dir, "terraform-registry-manifest.json")
	var sums strings.Builder
	for _, archive := range want {
		fmt.Fprintf(&sums, "%s  %s\n", sum(t, archive), filepath.Base(archive))
	}
	fmt.Fprintf(&sums, "%s  %s\n", sum(t, manifest), prefix+"manifest.json")
	if got := read(t, dist("SHA256SUMS")); sorted(got) != sorted(sums.String()) {
		t.Errorf("the checksums are\n%swant those of the archives and of the manifest alone\n%s", got, sums.String())
	}
	r.run(t, "gpg", "--batch", "--verify", dist("SHA256SUMS.sig"), dist("SHA256SUMS"))

	entry := "- [A rehearsal](https://github.com/terraform-provider-riva/terraform-provider-riva/blob/v" + version + "/README.md)."
	if notes := read(t, r.notes); !strings.Contains(notes, entry) || strings.Contains(notes, "](docs/") {
		t.Errorf("the release notes are\n%s\nwant %s, and only links with the address of the repository", notes, entry)
	}

	r.looksAtTheBinary(t, manifest)
}

// looksAtTheBinary starts the binary for this machine as a person does, and as Terraform does.
func (r *rehearsal) looksAtTheBinary(t *testing.T, manifest string) {
	t.Helper()
	archive := filepath.Join(r.dir, "dist", prefix+runtime.GOOS+"_"+runtime.GOARCH+".zip")
	unpack(t, archive, r.programs)
	binary := filepath.Join(r.programs, "terraform-provider-riva_v"+version)
	says := r.run(t, binary, "version")
	for _, want := range []string{
		"terraform-provider-riva " + version + "\n", "commit   " + strings.TrimSpace(r.run(t, "git", "rev-parse", "HEAD")) + "\n",
	} {
		if !strings.Contains(says, want) {
			t.Errorf("version prints\n%swhich has no line\n%s", says, want)
		}
	}

	var told struct {
		Version  int
		Metadata struct {
			Protocols []string `json:"protocol_versions"`
		}
	}
	readJSON(t, manifest, &told)
	if spoken := r.protocol(t, binary); told.Version != 1 || !slices.Equal(told.Metadata.Protocols, []string{spoken + ".0"}) {
		t.Errorf("the manifest tells of %+v, and the provider speaks protocol %s", told, spoken)
	}
}

// protocol asks the binary which it speaks, as go-plugin does.
func (r *rehearsal) protocol(t *testing.T, binary string) string {
	t.Helper()
	plugin := exec.CommandContext(t.Context(), binary)
	plugin.Env = append(slices.Clone(r.env), "PLUGIN_PROTOCOL_VERSIONS=5,6",
		"TF_PLUGIN_MAGIC_COOKIE=d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2")
	out, err := plugin.StdoutPipe()
	must(t, err)
	must(t, plugin.Start())
	line, err := bufio.NewReader(out).ReadString('\n') // such as 1|6|unix|/tmp/plugin123|grpc|
	must(t, err)
	must(t, plugin.Process.Kill())
	_ = plugin.Wait() // it was killed
	fields := strings.Split(line, "|")
	if len(fields) < 2 {
		t.Fatalf("as a plugin the provider says %q", line)
	}
	return fields[1]
}

// unpack writes what is in an archive into a folder and returns the names of it.
func unpack(t *testing.T, archive, folder string) []string {
	t.Helper()
	packed, err := zip.OpenReader(archive)
	must(t, err)
	defer func() { must(t, packed.Close()) }()
	var names []string
	for _, member := range packed.File {
		names = append(names, member.Name)
		from, err := member.Open()
		must(t, err)
		content, err := io.ReadAll(from)
		must(t, err)
		must(t, from.Close())
		must(t, os.WriteFile(filepath.Join(folder, filepath.Base(member.Name)), content, member.Mode()))
	}
	slices.Sort(names)
	return names
}

func sum(t *testing.T, file string) string {
	t.Helper()
	return fmt.Sprintf("%x", sha256.Sum256([]byte(read(t, file))))
}

func sorted(lines string) string {
	all := strings.SplitAfter(lines, "\n")
	slices.Sort(all)
	return strings.Join(all, "")
}

func read(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	must(t, err)
	return string(content)
}

func readJSON(t *testing.T, file string, into any) bool {
	t.Helper()
	must(t, json.Unmarshal([]byte(read(t, file)), into))
	return true
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
