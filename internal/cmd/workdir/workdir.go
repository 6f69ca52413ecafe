// Package workdir is a Terraform working directory for programs that run a real terraform or tofu. It has a copy of a
// configuration, uses the provider from a local mirror instead of a registry, and ignores the caller's own Terraform and Riva
// settings.
package workdir

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// version is the version of the provider in the mirror. No registry has this version.
const version = "0.1.0"

// Dir is a working directory, below a folder with the files that belong to it.
type Dir struct {
	// Started is called with the process id of each command after its start; nil means no call.
	Started func(pid int)

	root      string
	terraform string
	provider  string
}

// New creates a working directory in a temporary folder, where the terraform (or tofu) binary uses the provider binary. The
// caller removes it with Remove.
func New(terraform, provider string) (*Dir, error) {
	root, err := os.MkdirTemp("", "riva-")
	if err != nil {
		return nil, fmt.Errorf("create a working directory: %w", err)
	}
	return At(root, terraform, provider)
}

// At is [New] with an empty or new folder of the caller's choice.
func At(root, terraform, provider string) (*Dir, error) {
	root, err := filepath.Abs(root)
	if err != nil {
		return nil, fmt.Errorf("find the working directory: %w", err)
	}
	provider, err = filepath.Abs(provider)
	if err != nil {
		return nil, fmt.Errorf("find the provider: %w", err)
	}
	d := &Dir{root: root, terraform: terraform, provider: provider}
	if err := d.configure(); err != nil {
		return nil, errors.Join(err, d.Remove())
	}
	return d, nil
}

// Path is the directory of the configuration.
func (d *Dir) Path() string { return filepath.Join(d.root, "configuration") }

// CLIConfig is Terraform's CLI configuration file, which names the mirror.
func (d *Dir) CLIConfig() string { return filepath.Join(d.root, "terraform.rc") }

// Keyset is the file with the keyset of an embedded control plane.
func (d *Dir) Keyset() string { return filepath.Join(d.root, "keyset.json") }

// Remove deletes the directory and everything in it.
func (d *Dir) Remove() error {
	if err := os.RemoveAll(d.root); err != nil {
		return fmt.Errorf("remove the working directory: %w", err)
	}
	return nil
}

// Copy copies the Terraform files of a folder into the working directory.
func (d *Dir) Copy(from string) error {
	files, err := filepath.Glob(filepath.Join(from, "*.tf"))
	if err != nil {
		return fmt.Errorf("list the configuration in %s: %w", from, err)
	}
	if len(files) == 0 {
		return fmt.Errorf("no configuration in %s", from)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return fmt.Errorf("copy the configuration: %w", err)
		}
		if err := d.Write(filepath.Base(file), string(text)); err != nil {
			return err
		}
	}
	return nil
}

// Write writes one file in the working directory, readable by its owner only.
func (d *Dir) Write(name, text string) error {
	if err := os.WriteFile(filepath.Join(d.Path(), name), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write the configuration: %w", err)
	}
	return nil
}

// configure creates the directory, and a provider mirror with the provider in it.
func (d *Dir) configure() error {
	if err := os.MkdirAll(d.Path(), 0o700); err != nil {
		return fmt.Errorf("create a working directory: %w", err)
	}
	if err := d.Install("terraform-provider-riva", "riva", version, d.provider); err != nil {
		return err
	}
	config := fmt.Sprintf("disable_checkpoint = true\nprovider_installation {\n  filesystem_mirror {\n    path = %q\n  }\n}\n",
		filepath.Join(d.root, "mirror"))
	if err := os.WriteFile(d.CLIConfig(), []byte(config), 0o600); err != nil {
		return fmt.Errorf("create a provider mirror: %w", err)
	}
	return nil
}

// Install adds a provider to the mirror, with the names of both registries, so that terraform and tofu use the same binary.
func (d *Dir) Install(namespace, name, version, binary string) error {
	binary, err := filepath.Abs(binary)
	if err != nil {
		return fmt.Errorf("find the provider: %w", err)
	}
	for _, registry := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		folder := filepath.Join(d.root, "mirror", registry, namespace, name, version, runtime.GOOS+"_"+runtime.GOARCH)
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("create a provider mirror: %w", err)
		}
		if err := os.Symlink(binary, filepath.Join(folder, "terraform-provider-"+name+"_v"+version)); err != nil {
			return fmt.Errorf("create a provider mirror: %w", err)
		}
	}
	return nil
}

// environment is the caller's environment without Terraform and Riva settings, which would change the output.
func (d *Dir) environment(extra map[string]string) []string {
	var env []string
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "RIVA_") || name == "CI" {
			continue
		}
		env = append(env, pair)
	}
	env = append(env,
		"TF_CLI_CONFIG_FILE="+d.CLIConfig(),
		"CHECKPOINT_DISABLE=1",
		"RIVA_KEYSET="+d.Keyset(),
	)
	for name, value := range extra {
		env = append(env, name+"="+value)
	}
	return env
}
