package acctest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plugin"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

const (
	address = "registry.terraform.io/terraform-provider-riva/riva"
	// cookie is in the environment of whatever Terraform starts as a plugin.
	cookie = "TF_PLUGIN_MAGIC_COOKIE"
)

// Main runs the tests of a package, or serves the provider if Terraform started this binary: in a [Command] the test's
// own binary is the plugin, race detector included. It knows the target systems of the catalog and those given.
func Main(m *testing.M, more ...*target.System) {
	if os.Getenv(cookie) == "" {
		if err := forget(); err != nil {
			panic(err) //nolint:forbidigo // this is the main of a test binary: without it nothing could be trusted
		}
		m.Run() // the exit status is taken from it
		return
	}
	err := register()
	if err == nil {
		err = plugin.Serve(context.Background(), plugin.Options{Version: Version, Systems: append(catalog.All(), more...)})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}

// forget takes out of the environment what this machine says about itself and its control plane: it would change what the
// provider says in this process.
func forget() error {
	for _, pair := range os.Environ() {
		name, _, _ := strings.Cut(pair, "=")
		if strings.HasPrefix(name, "RIVA_") || name == "CI" || name == "TF_IN_AUTOMATION" {
			if err := os.Unsetenv(name); err != nil {
				return fmt.Errorf("leave %s out of the environment: %w", name, err)
			}
		}
	}
	return nil
}

// Command is a Terraform working directory, for what the plugin-testing library cannot see: warnings, logs, saved plans,
// and two commands at once. The provider runs in processes of its own.
type Command struct {
	// Dir is the working directory.
	Dir string
	// Env is added to the environment of every command.
	Env []string

	w *World
	// processes is where the processes of the provider register.
	processes string
}

// Command makes a working directory with a configuration. The test needs a [Main].
func (w *World) Command(body string) *Command {
	w.t.Helper()
	dir := w.t.TempDir()
	plugins := filepath.Join(dir, "plugins")
	binary, err := os.Executable()
	if err == nil {
		err = os.Mkdir(plugins, 0o700)
	}
	registered := filepath.Join(dir, "processes")
	if err == nil {
		err = os.Mkdir(registered, 0o700)
	}
	if err == nil {
		err = os.Symlink(binary, filepath.Join(plugins, "terraform-provider-riva"))
	}
	if err != nil {
		w.t.Fatalf("offer the test's binary as a plugin: %v", err)
	}
	c := &Command{Dir: filepath.Join(dir, "work"), w: w, processes: registered}
	_, source, _ := strings.Cut(address, "/") // terraform and tofu each add their own registry to it
	c.write("../terraform.rc", fmt.Sprintf(
		"provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", source, plugins))
	c.write("versions.tf", fmt.Sprintf(
		"terraform {\n  required_providers {\n    riva = {\n      source = %q\n    }\n  }\n}\n", source))
	c.Write(body)
	return c
}

// Write replaces the configuration.
func (c *Command) Write(body string) { c.write("main.tf", c.w.Config(body)) }

// WriteQuery replaces what is queried.
func (c *Command) WriteQuery(body string) { c.write("test.tfquery.hcl", body) }

func (c *Command) write(name, text string) {
	c.w.t.Helper()
	file := filepath.Join(c.Dir, name)
	err := os.MkdirAll(c.Dir, 0o700)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o600)
	}
	if err != nil {
		c.w.t.Fatalf("write %s: %v", name, err)
	}
}

// Run runs Terraform with the service accounts' present credentials and returns all it said. What Env says goes before.
func (c *Command) Run(args ...string) (string, error) {
	c.w.t.Helper()
	return terraform(c.w.t, c.Dir, c.environment(), args...)
}

func (c *Command) environment() []string {
	c.w.t.Helper()
	env := []string{
		"TF_CLI_CONFIG_FILE=" + filepath.Join(c.Dir, "..", "terraform.rc"), processes + "=" + c.processes,
		"TF_VAR_url=" + c.w.Exchange.URL(), "TF_VAR_username=" + c.w.Exchange.Service().Email, "TF_VAR_password=" + c.w.Password(),
	}
	for name, value := range c.w.crm() {
		env = append(env, "TF_VAR_"+name+"="+value)
	}
	return append(env, c.Env...)
}

// terraform runs a command with the environment of nobody but the test and returns all it said.
func terraform(t *testing.T, dir string, env []string, args ...string) (string, error) {
	t.Helper()
	out, err := command(t, dir, env, args...).CombinedOutput()
	return string(out), err
}

func command(t *testing.T, dir string, env []string, args ...string) *exec.Cmd {
	t.Helper()
	//nolint:gosec // the tests say themselves which terraform runs
	command := exec.CommandContext(t.Context(), binary(), append(args, "-no-color")...)
	command.Dir = dir
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_LOG=", "TF_LOG_PATH=")
	command.Env = append(command.Env, env...)
	return command
}

// binary is the terraform or tofu that tests run with.
func binary() string { return cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform") }

// Must is Run for commands that succeed.
func (c *Command) Must(args ...string) string {
	c.w.t.Helper()
	out, err := c.Run(args...)
	if err != nil {
		c.w.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}
