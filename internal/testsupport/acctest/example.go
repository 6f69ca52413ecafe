package acctest

import (
	"cmp"
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
)

// Example is the example of one target system in examples/target-systems, in a working directory of its own, with the system's
// stand-in. Terraform's commands use the provider in this process, which is fast enough for a test of all systems.
type Example struct {
	// Server is the target system. It uses TLS, like a real one.
	Server standins.Server
	// Dir is the working directory.
	Dir string

	t         *testing.T
	system    string
	reattach  string
	variables map[string]string
}

// NewExample starts the stand-in of a target system and copies its example. Root is the root of the repository. Everything ends
// with the test.
func NewExample(t *testing.T, root, system string) *Example {
	t.Helper()
	standIn, ok := standins.Lookup(system)
	if !ok {
		t.Fatalf("%s has no stand-in", system)
	}
	server, err := standIn.Start(sandbox.Options{TLS: &sandbox.TLS{}})
	if err != nil {
		t.Fatalf("start the stand-in for %s: %v", system, err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the stand-in for %s: %v", system, err)
		}
	})
	e := &Example{Server: server, Dir: t.TempDir(), t: t, system: system, variables: map[string]string{}}
	configuration, err := os.ReadFile(filepath.Join(root, "examples", "target-systems", system, "main.tf"))
	if err == nil {
		err = os.WriteFile(filepath.Join(e.Dir, "main.tf"), configuration, 0o600)
	}
	if err != nil {
		t.Fatalf("copy the example of %s: %v", system, err)
	}
	for _, v := range server.Variables() {
		if !v.Alternative {
			e.variables[v.Name] = v.Value
		}
	}
	e.reattach = Empty(t).serve()
	return e
}

// Set sets a variable of the configuration for the following commands.
func (e *Example) Set(name, value string) { e.variables[name] = value }

// Unset removes the value of a variable, so that it has its default.
func (e *Example) Unset(name string) { delete(e.variables, name) }

// Get is the value of a variable.
func (e *Example) Get(name string) string {
	e.t.Helper()
	value, ok := e.variables[name]
	if !ok {
		e.t.Fatalf("the stand-in has no variable %s", name)
	}
	return value
}

// Run runs Terraform and returns its output.
func (e *Example) Run(args ...string) (string, error) {
	e.t.Helper()
	variables := make([]string, 0, 2+len(e.variables))
	variables = append(variables, "TF_CLI_CONFIG_FILE="+os.DevNull, "TF_REATTACH_PROVIDERS="+e.reattach)
	for name, value := range e.variables {
		variables = append(variables, "TF_VAR_"+name+"="+value)
	}
	return terraform(e.t, e.Dir, variables, args...)
}

// Must is [Example.Run] for commands that succeed.
func (e *Example) Must(args ...string) string {
	e.t.Helper()
	out, err := e.Run(args...)
	if err != nil {
		e.t.Fatalf("terraform %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return out
}

// ExpectNoChanges fails the test if a plan has changes or warnings. When is for the message, such as "after the import".
func (e *Example) ExpectNoChanges(when string) {
	e.t.Helper()
	out, err := e.Run("plan", "-detailed-exitcode")
	if err != nil || strings.Contains(out, "Warning:") {
		e.t.Errorf("%s: %v\n%s", when, err, out)
	}
}

// Attributes returns the attributes in the state of the resource or data source that has the type, and the name of the target
// system.
func (e *Example) Attributes(resourceType string) map[string]any {
	e.t.Helper()
	raw, err := os.ReadFile(filepath.Join(e.Dir, "terraform.tfstate"))
	if err != nil {
		e.t.Fatal(err)
	}
	var state struct {
		Resources []struct {
			Type, Name string
			Instances  []struct{ Attributes map[string]any }
		}
	}
	if err := json.Unmarshal(raw, &state); err != nil {
		e.t.Fatal(err)
	}
	for _, r := range state.Resources {
		if r.Type == resourceType && r.Name == e.system && len(r.Instances) == 1 {
			return r.Instances[0].Attributes
		}
	}
	e.t.Fatalf("the state has no %s.%s", resourceType, e.system)
	return nil
}

// serve serves the provider in this process until the test ends, with the control plane of the environment for any
// configuration. It returns the value of TF_REATTACH_PROVIDERS.
func (env *Environment) serve() string {
	env.t.Helper()
	open := func(ctx context.Context, o provider.EmbeddedOptions) (provider.Embedded, error) {
		o.DataDir, o.Keyset = env.DataDir, env.Keyset
		return env.Open(ctx, o)
	}
	return Reattach(env.test(), address, provider.New(Version, env.Systems, open))
}

// Reattach serves a provider in this process until the test ends, and returns the value of TF_REATTACH_PROVIDERS with which the
// terraform or tofu of the tests finds it. The address is the one in Terraform's registry.
func Reattach(t *testing.T, address string, served func() tfprotov6.ProviderServer) string {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	started, ended := make(chan *plugin.ReattachConfig, 1), make(chan struct{})
	over := make(chan error, 1)
	go func() {
		over <- tf6server.Serve(address, served,
			tf6server.WithDebug(ctx, started, ended), tf6server.WithLoggingSink(t), tf6server.WithoutLogStderrOverride(),
			tf6server.WithGoPluginLogger(hclog.NewNullLogger()))
	}()
	var at *plugin.ReattachConfig
	select {
	case at = <-started:
	case err := <-over:
		cancel()
		t.Fatalf("serve the provider: %v", err)
	}
	t.Cleanup(func() {
		cancel()
		if err := <-over; err != nil {
			t.Errorf("serve the provider: %v", err)
		}
	})
	text, err := json.Marshal(map[string]any{name(address): map[string]any{
		"Protocol": at.Protocol, "ProtocolVersion": at.ProtocolVersion, "Pid": at.Pid, "Test": true,
		"Addr": map[string]string{"Network": at.Addr.Network(), "String": at.Addr.String()},
	}})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// name is the address of the provider in the terraform or tofu of the tests.
func name(address string) string {
	host, rest, _ := strings.Cut(address, "/")
	return cmp.Or(os.Getenv("TF_ACC_PROVIDER_HOST"), host) + "/" + rest
}
