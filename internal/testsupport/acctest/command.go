package acctest

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/plugin"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/catalog"
)

const (
	address = "registry.terraform.io/terraform-provider-riva/riva"
	// cookie is a variable in the environment of a plugin that Terraform starts.
	cookie = "TF_PLUGIN_MAGIC_COOKIE"
)

// Main runs the tests of a package, or serves the provider if Terraform started this binary: in a [Command] the test's own binary
// is the plugin, race detector included. The provider has the target systems of the catalog and more.
func Main(m *testing.M, more ...*target.System) {
	if os.Getenv(cookie) == "" {
		if err := clearEnvironment(); err != nil {
			panic(err) //nolint:forbidigo // the main of a test binary: the tests would be unreliable
		}
		// Terraform and its providers handle SIGHUP by default, even if the tests run under nohup.
		signal.Notify(make(chan os.Signal, 1), syscall.SIGHUP)
		m.Run() // sets the exit status
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

// clearEnvironment removes the variables that configure the provider or describe an automated run: they would change the behavior
// of the provider in this process.
func clearEnvironment() error {
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

// Command is a Terraform working directory, for what the plugin-testing library does not support: warnings, logs, saved plans,
// and two commands at once. The provider runs in processes of its own.
type Command struct {
	// Dir is the working directory.
	Dir string
	// Env is added to the environment of every command.
	Env []string

	env *Environment
	// processes is where the processes of the provider register.
	processes string
}

// Command creates a working directory with a configuration. The package of the test needs a [Main].
func (env *Environment) Command(body string) *Command {
	env.t.Helper()
	dir := env.t.TempDir()
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
		env.t.Fatalf("offer the test's binary as a plugin: %v", err)
	}
	c := &Command{Dir: filepath.Join(dir, "work"), env: env, processes: registered}
	_, source, _ := strings.Cut(address, "/") // terraform and tofu each add their own registry to it
	c.write("../terraform.rc", fmt.Sprintf(
		"provider_installation {\n  dev_overrides {\n    %q = %q\n  }\n  direct {}\n}\n", source, plugins))
	c.write("versions.tf", fmt.Sprintf(
		"terraform {\n  required_providers {\n    riva = {\n      source = %q\n    }\n  }\n}\n", source))
	c.Write(body)
	return c
}

// Write replaces the configuration.
func (c *Command) Write(body string) { c.write("main.tf", c.env.Config(body)) }

// WriteQuery replaces the query.
func (c *Command) WriteQuery(body string) { c.write("test.tfquery.hcl", body) }

func (c *Command) write(name, text string) {
	c.env.t.Helper()
	file := filepath.Join(c.Dir, name)
	err := os.MkdirAll(c.Dir, 0o700)
	if err == nil {
		err = os.WriteFile(file, []byte(text), 0o600)
	}
	if err != nil {
		c.env.t.Fatalf("write %s: %v", name, err)
	}
}

// Run runs Terraform with the present credentials of the service accounts and returns its output. Env takes precedence.
func (c *Command) Run(args ...string) (string, error) {
	c.env.t.Helper()
	return terraform(c.env.t, c.Dir, c.environment(), args...)
}

func (c *Command) environment() []string {
	c.env.t.Helper()
	variables := []string{
		"TF_CLI_CONFIG_FILE=" + filepath.Join(c.Dir, "..", "terraform.rc"), processes + "=" + c.processes,
		"TF_VAR_url=" + c.env.Exchange.URL(), "TF_VAR_username=" + c.env.Exchange.Service().Email,
		"TF_VAR_password=" + c.env.Password(),
	}
	for name, value := range c.env.crm() {
		variables = append(variables, "TF_VAR_"+name+"="+value)
	}
	if c.env.DatabaseURL != "" {
		variables = append(variables, "TF_VAR_database_url="+c.env.DatabaseURL)
	}
	return append(variables, c.Env...)
}

// terraform runs a command with the environment of the test and returns its output.
func terraform(tb testing.TB, dir string, env []string, args ...string) (string, error) {
	tb.Helper()
	out, err := command(tb, dir, env, args...).CombinedOutput()
	return string(out), err
}

func command(tb testing.TB, dir string, env []string, args ...string) *exec.Cmd {
	tb.Helper()
	//nolint:gosec // the tests choose the binary
	command := exec.CommandContext(tb.Context(), binary(), append(args, "-no-color")...)
	command.Dir = dir
	command.Env = append(os.Environ(), "CHECKPOINT_DISABLE=1", "TF_LOG=", "TF_LOG_PATH=")
	command.Env = append(command.Env, env...)
	return command
}

// binary is the terraform or tofu that tests run with.
func binary() string { return cmp.Or(os.Getenv("TF_ACC_TERRAFORM_PATH"), "terraform") }

// Must is [Command.Run] for commands that succeed.
func (c *Command) Must(args ...string) string {
	c.env.t.Helper()
	out, err := c.Run(args...)
	if err != nil {
		c.env.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}
