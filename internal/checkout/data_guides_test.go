//go:build unix

package checkout_test

import (
	"database/sql"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"

	_ "modernc.org/sqlite" // it runs the SQL of a guide

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// dataGuides runs the commands of the guides on the data of a control plane, in a folder with a connection.
type dataGuides struct {
	*showcase

	folder string
}

// in makes a folder with a connection, and an empty home directory beside it.
func (s *showcase) in(t *testing.T, name string) *dataGuides {
	t.Helper()
	own := *s.checkout
	own.home = filepath.Join(t.TempDir(), "home")
	g := &dataGuides{showcase: &showcase{checkout: &own, variables: s.variables, toStandIns: s.toStandIns}}
	files := complete("output \"id\" {\n  value = riva_connection.mail.id\n}\n")
	for name, text := range files {
		files[name] = g.toStandIns.Replace(text)
	}
	g.folder = g.configure(t, name, files)
	for _, dir := range []string{"srv/riva", "srv/keys", "backup", "vault"} {
		must(t, os.MkdirAll(filepath.Join(g.home, dir), 0o700))
	}
	for _, file := range []string{"values", ".terraformrc"} {
		must(t, os.Symlink(filepath.Join(s.home, file), filepath.Join(g.home, file)))
	}
	return g
}

func TestDataGuidesWork(t *testing.T) {
	t.Parallel()
	s := newShowcase(t)
	s.command(t)
	for name, follow := range map[string]func(*dataGuides, *testing.T){
		"keysets": (*dataGuides).followKeysets, "backing up": (*dataGuides).followBackup,
		"backing up PostgreSQL": (*dataGuides).followPostgreSQLBackup, "wrong control plane": (*dataGuides).followWrongControlPlane,
		"teams": (*dataGuides).followTeams, "upgrading": (*dataGuides).followUpgrading,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			follow(s.in(t, strings.ReplaceAll(name, " ", "-")), t)
		})
	}
}

// localize replaces the places that a guide names by places in the home directory, and answers the question of an apply.
func (g *dataGuides) localize(lines string) string {
	return strings.NewReplacer("/srv/", g.home+"/srv/", "/backup/", g.home+"/backup/", "/vault/", g.home+"/vault/",
		"terraform apply", "terraform apply -auto-approve").Replace(lines)
}

// try runs lines of a guide after the lines that prepare them.
func (g *dataGuides) try(t *testing.T, prepare, lines string) (string, error) {
	t.Helper()
	out, err := g.shell(t.Context(), g.folder, ". ~/values\n"+g.localize(prepare+"\n"+lines)).CombinedOutput()
	return string(out), err
}

// must is try for lines that must succeed and print the texts.
func (g *dataGuides) must(t *testing.T, prepare, lines string, contains ...string) {
	t.Helper()
	out, err := g.try(t, prepare, lines)
	expectOutput(t, out, err, true, contains...)
}

// dataGuide reads the blocks of a guide in a language.
func dataGuide(t *testing.T, name, language string) []string {
	t.Helper()
	page := readText(t, "templates/guides/"+name+".md")
	return fenced(regexp.MustCompile("(?m)^ {3}").ReplaceAllString(page, ""), language) // steps of a list have indented blocks
}

func (g *dataGuides) followKeysets(t *testing.T) {
	t.Helper()
	blocks := dataGuide(t, "keysets", "shell")
	show, file, content, lost, list := blocks[0], blocks[1], blocks[2], blocks[3], blocks[4]
	g.must(t, "", "terraform apply", "1 added")
	out, err := g.try(t, "", show)
	expectOutput(t, out, err, true)
	if _, err := os.Stat(strings.TrimSpace(out)); err != nil && runtime.GOOS == "linux" {
		t.Errorf("the default keyset is not where the guide says: %v", err)
	}
	quote := dataGuide(t, "keysets", "console")[0]
	g.must(t, "", commandsOf(strings.Split(quote, "\n")[0]), strings.ReplaceAll(strings.Split(quote, "\n")[1], "/home/ada", g.home))

	for _, configured := range []string{file, content} {
		out, err = g.try(t, configured, "terraform plan")
		expectOutput(t, out, err, false, "was created with another keyset")
	}
	must(t, os.Rename(filepath.Join(g.dir, g.folder, ".riva", "keyset-id"), filepath.Join(g.home, "keyset-id")))
	out, err = g.try(t, "", "terraform plan")
	expectOutput(t, out, err, false, "the file keyset-id of the data directory", "is missing, and no keyset is configured")
	must(t, os.Rename(filepath.Join(g.home, "keyset-id"), filepath.Join(g.dir, g.folder, ".riva", "keyset-id")))
	keysets, err := filepath.Glob(g.home + "/*/terraform-provider-riva")
	if runtime.GOOS == "linux" {
		keysets = []string{g.home + "/.config/terraform-provider-riva"}
	}
	must(t, err)
	for _, dir := range keysets {
		must(t, os.RemoveAll(dir))
	}
	out, err = g.try(t, "", "terraform plan")
	expectOutput(t, out, err, false, "the keyset of the database in", "is not at")
	g.must(t, file, lost, "1 added")
	g.must(t, content, list, "Exchange")
	if _, err := os.Stat(filepath.Join(g.dir, g.folder, ".riva", "keyset-id")); err == nil {
		t.Error("a data directory with a configured keyset has a keyset-id")
	}
}

func (g *dataGuides) followBackup(t *testing.T) {
	t.Helper()
	blocks := dataGuide(t, "backing-up-and-moving", "shell")
	places, backUp, restore, unpack, check := blocks[0], blocks[1], blocks[2], blocks[3], blocks[len(blocks)-1]
	g.must(t, places, "terraform apply", "1 added")
	g.must(t, places, backUp)

	// After the backup, the password is rotated, and a connection is created.
	other := "resource \"riva_connection\" \"other\" {\n  name               = \"Other\"\n  verify_credentials = false\n" +
		"  exchange {\n    ews_url     = \"https://mail.example.com/EWS/Exchange.asmx\"\n    username    = \"other@example.com\"\n" +
		"    password_wo = var.exchange_password\n  }\n}\n"
	must(t, os.WriteFile(filepath.Join(g.dir, g.folder, "other.tf"), []byte(other), 0o600))
	wrong := places + "export TF_VAR_exchange_password=rotated\n"
	rest := filepath.Join(g.dir, g.folder, "rest.tf")
	const mail = "\"riva_connection\" \"mail\" {\n"
	text := readText(t, rest)
	must(t, os.WriteFile(rest, []byte(strings.Replace(text, mail, mail+"  verify_credentials = false\n", 1)), 0o600))
	g.must(t, wrong, "terraform apply", "1 added, 1 changed")
	g.must(t, wrong, restore, "Deleted Outside of Terraform", `Credentials of Connection "Exchange" Will Be Replaced`,
		"1 to add, 1 to change")
	must(t, os.WriteFile(rest, []byte(text), 0o600))
	g.must(t, places, "rm other.tf && terraform apply")

	// SQL copies the database while the provider can use it. With the keyset, the one file is enough.
	db, err := sql.Open("sqlite", g.localize("/srv/riva/data/riva.db"))
	must(t, err)
	_, err = db.ExecContext(t.Context(), g.localize(dataGuide(t, "backing-up-and-moving", "sql")[0]))
	must(t, err)
	must(t, db.Close())
	g.must(t, places, "mkdir ~/copy && mv /backup/riva.db ~/copy && RIVA_DATA_DIR=~/copy terraform plan", "No changes.")

	// The new machine has nothing but the backups and the state.
	must(t, os.RemoveAll(filepath.Join(g.home, "srv")))
	g.must(t, places, unpack+"terraform plan", "No changes.")
	g.must(t, places, check, "The general test passed")
}

func (g *dataGuides) followPostgreSQLBackup(t *testing.T) {
	t.Helper()
	blocks := dataGuide(t, "backing-up-and-moving", "shell")
	places, dump, restore, move := blocks[0], blocks[4], blocks[5], blocks[6]
	programs, err := postgrestest.Programs()
	must(t, err)
	// database sets the address for the provider, and for the programs of PostgreSQL as the guide does.
	database := func(address string) string {
		u, err := url.Parse(address)
		must(t, err)
		guide, _, _ := strings.Cut(dump, "\n")
		return places + "unset RIVA_DATA_DIR\nexport RIVA_DATABASE_URL='" + address + "' PATH=" + programs + ":$PATH\n" +
			strings.NewReplacer("db.example.com", u.Query().Get("host"), "PGDATABASE=riva", "PGDATABASE="+u.Path[1:],
				"riva_owner", u.Query().Get("user"), "verify-full", "disable").Replace(guide) + "\n"
	}
	g.must(t, places, "terraform apply", "1 added")

	first, second := database(postgrestest.New(t)), database(postgrestest.New(t))
	g.must(t, first, "terraform-provider-riva migrate\n"+move, "1 added")
	_, command, _ := strings.Cut(dump, "\n")
	g.must(t, first, command)
	g.must(t, second, restore, "nothing to do", "GRANT")
	g.must(t, second, "terraform plan && terraform-provider-riva connections test --all", "No changes.", "The general test passed")
}

func (g *dataGuides) followWrongControlPlane(t *testing.T) {
	t.Helper()
	g.must(t, "", "terraform apply", "1 added")
	quote := dataGuide(t, "another-control-plane", "console")[0]
	command := commandsOf(strings.Split(quote, "\n")[0])
	out, err := g.try(t, "", command)
	uuid := regexp.MustCompile(`"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"`)
	expectOutput(t, uuid.ReplaceAllString(out, `""`), err, false, uuid.ReplaceAllString(strings.Split(quote, "\n")[1], `""`))

	must(t, os.RemoveAll(filepath.Join(g.dir, g.folder, ".riva")))
	out, err = g.try(t, "", "terraform plan")
	expectOutput(t, out, err, false, "Wrong Control Plane", "is in the state, but the data directory", "has no control plane")
	g.must(t, "", dataGuide(t, "another-control-plane", "shell")[0], "1 added")
}

// A newer version of the provider is one that this folder has not installed yet.
func (g *dataGuides) followUpgrading(t *testing.T) {
	t.Helper()
	g.must(t, "", "terraform apply", "1 added")
	must(t, os.Remove(filepath.Join(g.home, ".terraformrc"))) // with dev_overrides, nothing is installed
	g.install(t)
	blocks := dataGuide(t, "upgrading", "shell")
	g.must(t, "", blocks[0], "terraform-provider-riva", "platform")
	g.must(t, "", blocks[1], "Installed terraform-provider-riva/riva v0.1.1", "No changes.")
	g.must(t, "export RIVA_KEYSET=~/riva.json RIVA_DATABASE_URL='"+postgrestest.New(t)+"'\n"+
		"terraform-provider-riva keys create $RIVA_KEYSET\n", blocks[2], "Created the tables")
	g.must(t, "", blocks[3], "The general test passed")
}

func (g *dataGuides) followTeams(t *testing.T) {
	t.Helper()
	blocks := fenced(readText(t, "templates/guides/teams.md"), "shell")
	create, change, audit := blocks[0], blocks[2], blocks[3]
	places := dataGuide(t, "backing-up-and-moving", "shell")[0]
	g.must(t, places, "terraform apply", "1 added")
	out, err := g.try(t, places, create)
	expectOutput(t, out, err, true, `Created the client "ada"`)
	issued := regexp.MustCompile(`(?s)"([\w-]+)"\.\nclient_id: +(\S+)\nclient_secret: (\S+)`).FindAllStringSubmatch(out, -1)
	if len(issued) != 3 {
		t.Fatalf("%d clients", len(issued))
	}
	address := "http://" + g.serve(t, ". ~/values\n"+g.localize(places)+
		"terraform-provider-riva serve --listen 127.0.0.1:0 --allow-target 127.0.0.1")
	rest := filepath.Join(g.dir, g.folder, "rest.tf")
	optional := strings.Replace(readText(t, rest), "ephemeral = true", "ephemeral = true\n  default   = null", 1)
	must(t, os.WriteFile(rest, []byte(optional), 0o600))
	as := map[string]string{}
	for _, client := range issued {
		as[client[1]] = "export RIVA_ENDPOINT=" + address + " RIVA_CLIENT_ID=" + client[2] + " RIVA_CLIENT_SECRET=" + client[3] + "\n"
	}
	g.must(t, as["pull-requests"]+"unset TF_VAR_exchange_password\n", "terraform plan", "No changes.")
	quote := strings.Split(fenced(readText(t, "templates/guides/teams.md"), "text")[0], "…")
	out, err = g.try(t, as["pull-requests"]+"export TF_VAR_exchange_password=another\n", "terraform plan")
	expectOutput(t, out, err, true, "No changes.", strings.TrimSpace(quote[0]), strings.Join(strings.Fields(quote[1]), " "))
	must(t, os.WriteFile(filepath.Join(g.dir, g.folder, "user.tf"), []byte(
		"resource \"riva_user\" \"ada\" {\n  email = \"ada@example.com\"\n}\n"), 0o600))
	out, err = g.try(t, as["pull-requests"]+"unset TF_VAR_exchange_password\n", "terraform apply")
	expectOutput(t, out, err, false, "Not Allowed by the Control Plane")
	g.must(t, as["pipeline"], "terraform apply", "1 added")
	g.must(t, as["ada"], audit, "pipeline", "user.create")
	out, err = g.try(t, places, change)
	expectOutput(t, out, err, true, `The client "ada" is disabled.`, `The client "pipeline" has another secret.`, "pull-requests")
}
