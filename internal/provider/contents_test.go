package provider_test

import (
	"archive/zip"
	"encoding/base64"
	"encoding/json"
	"io"
	"os"
	"strings"
	"testing"
)

// contents reads a file, and of a zip archive, such as a saved plan, every member.
func contents(t *testing.T, file string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{file: string(raw)}
	archive, err := zip.OpenReader(file)
	if err != nil {
		return all
	}
	defer archive.Close() //nolint:errcheck // only read from
	for _, member := range archive.File {
		reader, err := member.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(reader)
		if err != nil {
			t.Fatal(err)
		}
		all[file+"/"+member.Name] = string(text)
	}
	return all
}

// movePrivateState writes another control plane's id into the private state of a state file's resources.
func movePrivateState(t *testing.T, state, from, to string) string {
	t.Helper()
	var document struct {
		Resources []struct {
			Instances []struct {
				Private string `json:"private"`
			} `json:"instances"`
		} `json:"resources"`
	}
	if err := json.Unmarshal([]byte(state), &document); err != nil {
		t.Fatal(err)
	}
	moved := 0
	for _, r := range document.Resources {
		for _, instance := range r.Instances {
			private, err := base64.StdEncoding.DecodeString(instance.Private)
			if err != nil {
				t.Fatal(err)
			}
			var parts map[string]string
			if err := json.Unmarshal(private, &parts); err != nil {
				t.Fatal(err)
			}
			for key, value := range parts {
				text, err := base64.StdEncoding.DecodeString(value)
				if err != nil || !strings.Contains(string(text), from) {
					continue
				}
				parts[key] = base64.StdEncoding.EncodeToString([]byte(strings.ReplaceAll(string(text), from, to)))
				moved++
			}
			changed, err := json.Marshal(parts)
			if err != nil {
				t.Fatal(err)
			}
			state = strings.ReplaceAll(state, instance.Private, base64.StdEncoding.EncodeToString(changed))
		}
	}
	if moved == 0 {
		t.Fatal("no private state names the control plane")
	}
	return state
}
