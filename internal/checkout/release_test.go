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

// releaseConfiguration has the parts of .goreleaser.yml that the registries depend on.
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
	Changelog map[string]any
}

type extraFile struct {
	Glob         string
	NameTemplate string `json:"name_template"`
}

// render executes the template of a name for a release 1.2.3 for Linux.
func (c releaseConfiguration) render(t *testing.T, text string) string {
	t.Helper()
	parsed, err := template.New("").Parse(text)
	must(t, err)
	var name strings.Builder
	must(t, parsed.Execute(&name, map[string]string{
		"ProjectName": c.ProjectName, "Version": "1.2.3", "Os": "linux", "Arch": "amd64", "FullCommit": "0123abc",
	}))
	return name.String()
}

// make release-rehearsal builds a release and checks it. This test checks the configuration without a build.
// https://developer.hashicorp.com/terraform/registry/providers/publishing#manually-preparing-a-release
func TestReleaseFilesForRegistries(t *testing.T) {
	t.Parallel()
	var c releaseConfiguration
	readYAML(t, ".goreleaser.yml", &c)
	if len(c.Builds) != 1 || len(c.Archives) != 1 || len(c.SBOMs) != 1 || len(c.Signs) != 1 || len(c.Checksum.ExtraFiles) != 1 {
		t.Fatalf("want one build, archive, SBOM and signature, and the manifest as extra file, but there are %+v", c)
	}
	build, archive, manifest := c.Builds[0], c.Archives[0], c.Checksum.ExtraFiles[0]
	for template, want := range map[string]string{
		build.Binary:            "terraform-provider-riva_v1.2.3",
		archive.NameTemplate:    "terraform-provider-riva_1.2.3_linux_amd64",
		c.Checksum.NameTemplate: "terraform-provider-riva_1.2.3_SHA256SUMS",
		manifest.NameTemplate:   "terraform-provider-riva_1.2.3_manifest.json",
	} {
		if got := c.render(t, template); got != want {
			t.Errorf("the name for %s is %s, want %s", template, got, want)
		}
	}
	if !slices.Equal(archive.Formats, []string{"zip"}) || c.Checksum.Algorithm != "sha256" {
		t.Errorf("the format is %v with %s checksums, want zip and sha256", archive.Formats, c.Checksum.Algorithm)
	}
	if !slices.Equal(c.Checksum.IDs, []string{archive.ID}) || archive.ID == c.SBOMs[0].ID || c.SBOMs[0].Artifacts != "archive" {
		t.Errorf("the checksums are for %v; the archives are %s, and the SBOMs %+v", c.Checksum.IDs, archive.ID, c.SBOMs[0])
	}
	if !slices.Equal(c.Release.ExtraFiles, c.Checksum.ExtraFiles) {
		t.Errorf("the extra files of the release are %v, and those of the checksums %v", c.Release.ExtraFiles, c.Checksum.ExtraFiles)
	}
	if args, _ := c.Signs[0].Args.([]any); c.Signs[0].Artifacts != "checksum" || !slices.Contains(args, any("--detach-sign")) ||
		slices.Contains(args, any("--armor")) {
		t.Errorf("signed are %v with %v, want the checksums, with a detached binary signature", c.Signs[0].Artifacts, args)
	}
	if !c.Release.Draft || !c.Release.ReplaceExistingDraft {
		t.Error("the release must be a draft, and replace an existing draft")
	}

	// GoReleaser reads the file of --release-notes in the step that makes a changelog.
	if len(c.Changelog) != 0 {
		t.Errorf("the changelog is configured as %v, want no configuration: the notes of a release are a file", c.Changelog)
	}
	if !strings.Contains(readText(t, workflows+"release.yml"), "goreleaser release --clean --release-notes ") {
		t.Error("the release workflow does not pass release notes")
	}

	var registryManifest struct {
		Version  int
		Metadata map[string][]string
	}
	must(t, json.Unmarshal([]byte(readText(t, manifest.Glob)), &registryManifest))
	if registryManifest.Version != 1 || !slices.Equal(registryManifest.Metadata["protocol_versions"], []string{"6.0"}) {
		t.Errorf("the manifest is %+v, want protocol 6.0", registryManifest)
	}
}

func TestReleasePlatforms(t *testing.T) {
	t.Parallel()
	var c releaseConfiguration
	readYAML(t, ".goreleaser.yml", &c)
	build := c.Builds[0]
	if !slices.Contains(build.Env, "CGO_ENABLED=0") {
		t.Errorf("the environment of the build is %v, want CGO_ENABLED=0", build.Env)
	}
	linked := map[string]string{}
	for _, match := range regexp.MustCompile(`-X main\.(\S+)=(\S+)`).FindAllStringSubmatch(
		c.render(t, strings.Join(build.Ldflags, " ")), -1) {
		linked[match[1]] = match[2]
		if !strings.Contains(readText(t, "main.go"), "\nvar "+match[1]+" ") {
			t.Errorf("the linker sets %s, which is not a variable of main.go", match[1])
		}
	}
	if want := map[string]string{"version": "1.2.3", "commit": "0123abc"}; !maps.Equal(linked, want) {
		t.Errorf("the linker sets %v, want %v", linked, want)
	}
	// https://developer.hashicorp.com/terraform/registry/providers/os-arch
	for _, goos := range []string{"darwin", "linux", "windows", "freebsd"} {
		for _, goarch := range []string{"amd64", "arm64"} {
			ignored := slices.ContainsFunc(build.Ignore, func(one any) bool {
				pair, _ := one.(map[string]any)
				return pair["goos"] == goos && pair["goarch"] == goarch
			})
			if !slices.Contains(build.Goos, any(goos)) || !slices.Contains(build.Goarch, any(goarch)) || ignored {
				t.Errorf("there is no build for %s/%s", goos, goarch)
			}
		}
	}
}
