//go:build unix

package checkout_test

import (
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"
	"text/template"
)

// releaseConfiguration is what of .goreleaser.yml the registries depend on.
type releaseConfiguration struct {
	ProjectName string `json:"project_name"`
	Builds      []struct {
		Binary               string
		Env, Ldflags         []string
		Goos, Goarch, Ignore []any
	}
	Archives []struct {
		ID           string
		Formats      []string
		NameTemplate string `json:"name_template"`
	}
	Checksum struct {
		NameTemplate string `json:"name_template"`
		Algorithm    string
		IDs          []string
		ExtraFiles   []extraFile `json:"extra_files"`
	}
	SBOMs   []struct{ ID, Artifacts string }
	Signs   []struct{ Artifacts, Args any }
	Release struct {
		Draft                bool
		ReplaceExistingDraft bool        `json:"replace_existing_draft"`
		ExtraFiles           []extraFile `json:"extra_files"`
	}
}

type extraFile struct {
	Glob         string
	NameTemplate string `json:"name_template"`
}

// named is what becomes of a name's template in a release 1.2.3 for Linux.
func (c releaseConfiguration) named(t *testing.T, text string) string {
	t.Helper()
	parsed, err := template.New("").Parse(text)
	must(t, err)
	var name strings.Builder
	must(t, parsed.Execute(&name, map[string]string{
		"ProjectName": c.ProjectName, "Version": "1.2.3", "Os": "linux", "Arch": "amd64", "FullCommit": "0123abc",
	}))
	return name.String()
}

// make release-rehearsal builds a release and looks at it; this is what can be said of it without.
// https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release
func TestReleaseIsConfiguredForTheRegistries(t *testing.T) {
	t.Parallel()
	var c releaseConfiguration
	readYAML(t, ".goreleaser.yml", &c)
	if len(c.Builds) != 1 || len(c.Archives) != 1 || len(c.SBOMs) != 1 || len(c.Signs) != 1 || len(c.Checksum.ExtraFiles) != 1 {
		t.Fatalf("want one way to build, pack, list and sign, and the manifest beside it, but there are %+v", c)
	}
	build, archive, manifest := c.Builds[0], c.Archives[0], c.Checksum.ExtraFiles[0]
	for template, want := range map[string]string{
		build.Binary:            "terraform-provider-riva_v1.2.3",
		archive.NameTemplate:    "terraform-provider-riva_1.2.3_linux_amd64",
		c.Checksum.NameTemplate: "terraform-provider-riva_1.2.3_SHA256SUMS",
		manifest.NameTemplate:   "terraform-provider-riva_1.2.3_manifest.json",
	} {
		if got := c.named(t, template); got != want {
			t.Errorf("%s becomes %s, want %s", template, got, want)
		}
	}
	if !slices.Equal(archive.Formats, []string{"zip"}) || c.Checksum.Algorithm != "sha256" {
		t.Errorf("packed as %v with checksums by %s, want zip and sha256", archive.Formats, c.Checksum.Algorithm)
	}
	if !slices.Equal(c.Checksum.IDs, []string{archive.ID}) || archive.ID == c.SBOMs[0].ID || c.SBOMs[0].Artifacts != "archive" {
		t.Errorf("checksums are of %v, where archives are %s and their lists %+v", c.Checksum.IDs, archive.ID, c.SBOMs[0])
	}
	if !slices.Equal(c.Release.ExtraFiles, c.Checksum.ExtraFiles) {
		t.Errorf("released are %v beside the archives, and checksums are of %v", c.Release.ExtraFiles, c.Checksum.ExtraFiles)
	}
	if args, _ := c.Signs[0].Args.([]any); c.Signs[0].Artifacts != "checksum" || !slices.Contains(args, any("--detach-sign")) ||
		slices.Contains(args, any("--armor")) {
		t.Errorf("signed are %v with %v, want the checksums, with a signature that is detached and binary", c.Signs[0].Artifacts, args)
	}
	if !c.Release.Draft || !c.Release.ReplaceExistingDraft {
		t.Error("what is released is not the one draft that a person looks at")
	}

	var told struct {
		Version  int
		Metadata map[string][]string
	}
	must(t, json.Unmarshal([]byte(readText(t, manifest.Glob)), &told))
	if told.Version != 1 || !slices.Equal(told.Metadata["protocol_versions"], []string{"6.0"}) {
		t.Errorf("the manifest tells of %+v, want protocol 6.0", told)
	}
}

func TestReleaseIsBuiltForTheRegistries(t *testing.T) {
	t.Parallel()
	var c releaseConfiguration
	readYAML(t, ".goreleaser.yml", &c)
	build := c.Builds[0]
	if !slices.Contains(build.Env, "CGO_ENABLED=0") {
		t.Errorf("built with %v, want without a C library", build.Env)
	}
	sets := map[string]string{}
	for _, match := range regexp.MustCompile(`-X main\.(\S+)=(\S+)`).FindAllStringSubmatch(
		c.named(t, strings.Join(build.Ldflags, " ")), -1) {
		sets[match[1]] = match[2]
		if !strings.Contains(readText(t, "main.go"), "\nvar "+match[1]+" ") {
			t.Errorf("the linker sets %s, which is no variable", match[1])
		}
	}
	if want := map[string]string{"version": "1.2.3", "commit": "0123abc"}; !maps.Equal(sets, want) {
		t.Errorf("the linker sets %v, want %v", sets, want)
	}
	// https://developer.hashicorp.com/terraform/registry/providers/os-arch
	for _, goos := range []string{"darwin", "linux", "windows", "freebsd"} {
		for _, goarch := range []string{"amd64", "arm64"} {
			ignored := slices.ContainsFunc(build.Ignore, func(one any) bool {
				pair, _ := one.(map[string]any)
				return pair["goos"] == goos && pair["goarch"] == goarch
			})
			if !slices.Contains(build.Goos, any(goos)) || !slices.Contains(build.Goarch, any(goarch)) || ignored {
				t.Errorf("nothing is built for %s/%s", goos, goarch)
			}
		}
	}
}
