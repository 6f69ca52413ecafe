package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
)

const (
	providerName = "terraform-provider-riva"
	// envName, logName and standInsName are files in the demo's folder.
	envName, logName, standInsName = "env.sh", "demo.log", "stand-ins.json"
	// valuesName is the file in the folder of the configuration that Terraform reads the variables from.
	valuesName = "terraform.tfvars.json"
)

// folder is the demo's folder, which stays when the demo ends.
type folder struct {
	root string
	dir  *workdir.Dir
}

// values are the variables of the configuration. Terraform's default applies to an empty one.
type values struct {
	URL          string   `json:"exchange_url"`
	Username     string   `json:"exchange_username"`
	Password     string   `json:"exchange_password"`
	LoginURL     string   `json:"salesforce_login_url"`
	ServiceUser  string   `json:"salesforce_username"`
	Organization string   `json:"salesforce_organization_id"`
	ClientID     string   `json:"salesforce_client_id"`
	PrivateKey   string   `json:"salesforce_private_key,omitempty"`
	ClientSecret string   `json:"salesforce_client_secret,omitempty"`
	Trigger      string   `json:"revalidation_trigger"`
	Users        []string `json:"user_emails"`
}

// newFolder replaces the folder of an earlier demo by a new one. It replaces no other folder.
func newFolder(root, terraform, provider, example string) (*folder, error) {
	switch _, err := os.Stat(filepath.Join(root, logName)); {
	case err == nil:
		if err := os.RemoveAll(root); err != nil {
			return nil, fmt.Errorf("start over: %w", err)
		}
	case !errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("start over: %w", err)
	}
	if entries, err := os.ReadDir(root); err == nil && len(entries) > 0 {
		return nil, fmt.Errorf("the folder %s is not from an earlier demo; remove it, or choose another one with -folder", root)
	}
	if err := os.MkdirAll(root, 0o700); err != nil {
		return nil, fmt.Errorf("create a folder: %w", err)
	}
	f := &folder{root: root}
	if err := f.write(logName, ""); err != nil {
		return nil, err
	}
	dir, err := workdir.At(root, terraform, provider)
	if err != nil {
		return nil, err
	}
	f.dir = dir
	if err := f.dir.Copy(example); err != nil {
		return nil, err
	}
	if err := f.writeEnvironment(terraform, provider); err != nil {
		return nil, err
	}
	return f, nil
}

// write writes a file, readable by its owner only.
func (f *folder) write(name, text string) error {
	if err := os.WriteFile(filepath.Join(f.root, name), []byte(text), 0o600); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}

// writeJSON writes a value to a file, readable by its owner only.
func (f *folder) writeJSON(name string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return f.write(name, string(text)+"\n")
}

// writeEnvironment writes the settings for a shell that goes on in the folder: those that the demo's own commands have.
func (f *folder) writeEnvironment(terraform, provider string) error {
	provider, err := filepath.Abs(provider)
	if err != nil {
		return fmt.Errorf("find the provider: %w", err)
	}
	terraform, err = exec.LookPath(terraform)
	if err == nil {
		terraform, err = filepath.Abs(terraform)
	}
	if err != nil {
		return fmt.Errorf("find terraform: %w", err)
	}
	return f.write(envName, "# Settings for a shell in the folder of the demo.\n"+
		"unset TF_CLI_ARGS TF_DATA_DIR TF_WORKSPACE RIVA_ENDPOINT RIVA_TOKEN RIVA_CLIENT_ID RIVA_CLIENT_SECRET RIVA_DATA_DIR \\\n"+
		"  RIVA_DATABASE_URL RIVA_KEYSET_JSON\n"+
		"export TF_CLI_CONFIG_FILE="+shellQuote(f.dir.CLIConfig())+" CHECKPOINT_DISABLE=1\n"+
		"export RIVA_KEYSET="+shellQuote(f.dir.Keyset())+"\n"+
		"export PATH="+shellQuote(filepath.Dir(terraform))+":"+shellQuote(filepath.Dir(provider))+":\"$PATH\"\n")
}

func shellQuote(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }

// setValues writes the variables of the configuration.
func (d *demo) setValues(change func(*values)) error {
	change(&d.values)
	return d.folder.writeJSON(filepath.Join("configuration", valuesName), d.values)
}

// output reads an output of the configuration from the state.
func (f *folder) output(name string) (string, error) {
	text, err := os.ReadFile(filepath.Join(f.dir.Path(), "terraform.tfstate"))
	if err != nil {
		return "", fmt.Errorf("read the state: %w", err)
	}
	var state struct {
		Outputs map[string]struct{ Value json.RawMessage }
	}
	if err := json.Unmarshal(text, &state); err != nil {
		return "", fmt.Errorf("read the state: %w", err)
	}
	return string(state.Outputs[name].Value), nil
}
