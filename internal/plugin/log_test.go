//go:build unix

package plugin_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// The parts of the provider's log.
const (
	protocol, framework, calls, plane = "sdk.proto", "sdk.framework", "riva.riva_api", "riva.riva_control_plane"
)

// line is a kind of lines of the provider's log.
type line struct{ Module, Level string }

// planLog plans with environment variables and returns how many lines of each kind the provider wrote. Others can write the data
// directory, which is a warning.
func planLog(t *testing.T, variables ...string) map[line]int {
	t.Helper()
	w := acctest.New(t).Made()
	if err := os.Chmod(w.DataDir, 0o777); err != nil {
		t.Fatal(err)
	}
	c := w.Command(acctest.Mail(""))
	c.Env = append(c.Env, variables...)
	log := recordLog(t, c)
	c.Must("plan")
	text, err := os.ReadFile(log)
	if err != nil {
		t.Fatal(err)
	}
	found := map[line]int{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		var kind struct {
			Module string `json:"@module"` //nolint:tagliatelle // the names of the library
			Level  string `json:"@level"`  //nolint:tagliatelle // the names of the library
		}
		if err := json.Unmarshal(lines.Bytes(), &kind); err != nil {
			t.Errorf("%s: %v", lines.Bytes(), err)
		}
		found[line(kind)]++
	}
	return found
}

// recordLog has the provider write its log into a file, before Terraform selects from it.
func recordLog(t *testing.T, c *acctest.Command) string {
	t.Helper()
	plugin, log := filepath.Join(c.Dir, "..", "plugins", "terraform-provider-riva"), filepath.Join(t.TempDir(), "log")
	binary, err := os.Readlink(plugin)
	if err == nil {
		err = os.Remove(plugin)
	}
	if err == nil {
		script := fmt.Sprintf("#!/bin/sh\nexec '%s' \"$@\" 2>>'%s'\n", binary, log)
		err = os.WriteFile(plugin, []byte(script), 0o700)
	}
	if err != nil {
		t.Fatalf("record the log: %v", err)
	}
	return log
}

func TestLogHasWhatIsConfigured(t *testing.T) {
	t.Parallel()
	everything := []line{
		{protocol, "trace"}, {framework, "trace"}, {framework, "debug"}, {calls, "debug"}, {plane, "info"}, {plane, "warn"},
	}
	for variable, test := range map[string]struct{ want, absent []line }{
		"TF_LOG=trace":           {want: everything},
		"TF_LOG=error":           {want: everything}, // Terraform selects the levels
		"TF_LOG_PROVIDER=trace":  {want: everything},
		"TF_LOG_CORE=trace":      {want: everything},
		"TF_LOG_SDK_PROTO=error": {want: everything[1:], absent: everything[:1]},
		"TF_LOG_SDK=debug":       {want: everything[2:], absent: everything[:2]},
		"TF_LOG_SDK_FRAMEWORK=debug": {
			want: append([]line{everything[0]}, everything[2:]...), absent: everything[1:2],
		},
		"TF_LOG_PROVIDER_RIVA_API=info": {
			want: append([]line{everything[0]}, everything[4:]...), absent: everything[3:4],
		},
		"TF_LOG_PROVIDER_RIVA=warn": {
			want: []line{everything[0], everything[1], everything[5]}, absent: everything[3:5],
		},
	} {
		t.Run(variable, func(t *testing.T) {
			t.Parallel()
			found := planLog(t, variable)
			for _, kind := range test.want {
				if found[kind] == 0 {
					t.Errorf("no line of %v in %v", kind, found)
				}
			}
			for _, kind := range test.absent {
				if found[kind] > 0 {
					t.Errorf("%d lines of %v", found[kind], kind)
				}
			}
		})
	}
}

// Terraform drops the log then, after it has parsed each line.
func TestLogThatNobodyConfiguredHasWarningsOnly(t *testing.T) {
	t.Parallel()
	found := planLog(t)
	if found[line{plane, "warn"}] == 0 {
		t.Error("the warning about the data directory is missing")
	}
	for kind, n := range found {
		if kind.Module != "" && kind.Level != "warn" && kind.Level != "error" { // go-plugin writes a few lines without a module
			t.Errorf("%d lines of %v", n, kind)
		}
	}
}
