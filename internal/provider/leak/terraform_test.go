package leak_test

import (
	"crypto/rand"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// The places of Terraform.
const (
	screen    = "screen"
	savedPlan = "saved plan"
	planJSON  = "plan as JSON"
	stateJSON = "state as JSON"
	stateFile = "state"
	backup    = "backup of the state"
	trace     = "log of Terraform"
)

// repeated is how many encodings each target system uses in each step, in turns: seven of them use all.
const repeated = 3

// All target systems are in one configuration, with their first way to sign in. They repeat secrets while connections are tested
// in a plan, created, and rotated.
func TestTerraformShowsNoSecret(t *testing.T) {
	t.Parallel()
	f := newConfiguration(t)
	f.must(t, screen, "apply", "-auto-approve")

	f.repeat(t)
	f.must(t, screen, "plan", fmt.Sprintf("-var=tests=%d", repeated), "-out=saved.tfplan")
	f.must(t, planJSON, "show", "-json", "saved.tfplan")
	f.keepFile(t, savedPlan, "saved.tfplan")
	f.repeating = false
	f.must(t, screen, "apply", "saved.tfplan")
	f.must(t, stateJSON, "show", "-json")
	f.keepFile(t, stateFile, "terraform.tfstate")

	f.repeat(t)
	f.fails(t, "apply", "-auto-approve", fmt.Sprintf("-var=failing=%d", repeated))
	f.rotate()
	f.repeat(t)
	f.fails(t, "apply", "-auto-approve")
	f.clear()
	f.must(t, screen, "destroy", "-auto-approve")
	f.keepFile(t, backup, "terraform.tfstate.backup")
	f.keepTrace(t)
	f.readFiles(t)
	f.search(t)
}

// configuration is a working directory with a connection to each target system.
type configuration struct {
	*controlPlane

	command *acctest.Command
	// repeating reports that target systems repeat secrets.
	repeating bool

	accounts []*account
	secrets  map[string]map[string]string
	// name is a canary that everybody may see. Where it is not found, the absence of secrets shows nothing.
	name string
}

func newConfiguration(t *testing.T) *configuration {
	t.Helper()
	env := acctest.New(t)
	f := &configuration{
		controlPlane: &controlPlane{dataDir: env.DataDir}, secrets: map[string]map[string]string{}, name: "Visible " + rand.Text(),
	}
	var body strings.Builder
	body.WriteString(`
variable "secrets" {
  type      = map(map(string))
  ephemeral = true
  sensitive = true
}

variable "tests" {
  type    = number
  default = 0
}

variable "failing" {
  type    = number
  default = 0
}
`)
	for _, w := range slices.DeleteFunc(ways(), func(w way) bool { return !w.isFirst() }) {
		a := w.start(t)
		f.accounts = append(f.accounts, a)
		f.secrets[w.name()] = maps.Clone(a.credentials)
		body.WriteString(a.blocks(f.name))
	}
	f.command = env.Command(body.String())
	return f
}

// blocks are the connection of an account, connections that fail, and tests with a check that shows their report.
func (a *account) blocks(visible string) string {
	var b strings.Builder
	name := a.way.name()
	fmt.Fprintf(&b, "\n  %s {\n", a.system.Name)
	for _, setting := range slices.Sorted(maps.Keys(a.settings)) {
		fmt.Fprintf(&b, "    %s = %q\n", setting, a.settings[setting])
	}
	for _, secret := range slices.Sorted(maps.Keys(a.credentials)) {
		fmt.Fprintf(&b, "    %s_wo = var.secrets[%q][%q]\n", secret, name, secret)
	}
	b.WriteString("  }\n}\n")
	system := b.String()
	return fmt.Sprintf(`
resource "riva_connection" %[1]q {
  name = "%[2]s %[1]s"
%[3]s
resource "riva_connection" "%[1]s_failing" {
  count = var.failing
  name  = "%[1]s failing ${count.index}"
%[3]s
data "riva_connection_test" %[1]q {
  count         = var.tests
  connection_id = riva_connection.%[1]s.id
}

check %[1]q {
  assert {
    condition     = alltrue([for test in data.riva_connection_test.%[1]s : test.passed])
    error_message = join("\n", [for test in data.riva_connection_test.%[1]s : test.report])
  }
}
`, name, visible, system)
}

// repeat makes each target system fail once with each of its encodings.
func (f *configuration) repeat(t *testing.T) {
	t.Helper()
	f.repeating = true
	encodings := sandbox.Encodings()
	for number, a := range f.accounts {
		a.server.Clear()
		m := &matrix{account: a}
		secrets := m.kept()
		for i := range repeated {
			fault := sandbox.Fault{Kind: "echo", Secret: secrets[i%len(secrets)]}.In(encodings[(number*repeated+i)%len(encodings)])
			if err := m.fail(fault, 1); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// clear makes the target systems work again.
func (f *configuration) clear() {
	f.repeating = false
	for _, a := range f.accounts {
		a.server.Clear()
	}
}

// rotate changes the secrets that are text without a form.
func (f *configuration) rotate() {
	for _, a := range f.accounts {
		secrets := f.secrets[a.way.name()]
		for name, value := range secrets {
			if !strings.Contains(value, "-----") {
				a.seen[value] = "old " + name
				secrets[name] = "Changed" + rand.Text()
				a.credentials[name] = secrets[name]
			}
		}
	}
}

// run runs Terraform, with a log of everything while target systems repeat secrets, and keeps what it shows as the place.
func (f *configuration) run(t *testing.T, place string, args ...string) (string, error) {
	t.Helper()
	secrets, err := json.Marshal(f.secrets)
	if err != nil {
		t.Fatal(err)
	}
	f.during = args[0]
	f.command.Env = []string{"TF_VAR_secrets=" + string(secrets)}
	if f.repeating { // the log is large, and slow to write
		f.command.Env = append(f.command.Env, "TF_LOG=TRACE", "TF_LOG_PATH="+filepath.Join(f.command.Dir, "trace.log"))
	}
	out, err := f.command.Run(args...)
	f.keep(place, out)
	return out, err
}

func (f *configuration) must(t *testing.T, place string, args ...string) {
	t.Helper()
	if out, err := f.run(t, place, args...); err != nil {
		t.Fatalf("%s: %v\n%.20000s", args, err, out)
	}
}

// fails runs a command in which most connections fail.
func (f *configuration) fails(t *testing.T, args ...string) {
	t.Helper()
	out, err := f.run(t, screen, args...)
	if failures := strings.Count(out, "Error:"); err == nil || failures < len(f.accounts)/2 {
		t.Errorf("%s: %v, with %d errors\n%.5000s", args, err, failures, out)
	}
}

// keepFile keeps a file of the working directory; of an archive, all members.
func (f *configuration) keepFile(t *testing.T, place, name string) {
	t.Helper()
	for _, text := range acctest.Contents(t, filepath.Join(f.command.Dir, name)) {
		f.keep(place, text)
	}
}

// keepTrace keeps the log, with each line once: most lines differ in their time only.
func (f *configuration) keepTrace(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(f.command.Dir, "trace.log"))
	if err != nil {
		t.Fatal(err)
	}
	const timeLength = len("2006-01-02T15:04:05.000Z")
	seen := map[string]bool{}
	var unique strings.Builder
	for line := range strings.Lines(string(content)) {
		if line = line[min(timeLength, len(line)):]; !seen[line] {
			seen[line] = true
			unique.WriteString(line)
		}
	}
	f.keep(trace, unique.String())
}

// search looks for the secrets everywhere, and for the name that everybody may see.
func (f *configuration) search(t *testing.T) {
	t.Helper()
	secrets, visible, canaries := newSearcher(), newSearcher(), 0
	for _, a := range f.accounts {
		canaries += a.addTo(secrets)
	}
	visible.add("name", f.name)
	found := map[string]bool{}
	for _, text := range f.texts {
		if len(visible.find(text.text)) > 0 {
			found[text.place] = true
		}
	}
	for _, place := range []string{screen, savedPlan, planJSON, stateJSON, stateFile, backup, trace, dataFiles} {
		if !found[place] {
			t.Errorf("%s has not even the name of a connection", place)
		}
	}
	places := f.controlPlane.search(t, secrets)
	t.Logf("%d canaries of %d systems × %d encodings, %d places: %d texts with %d bytes, decoded to %d",
		canaries, len(f.accounts), len(sandbox.Encodings()), places, secrets.texts, secrets.bytes, secrets.views)
}
