//go:build unix

package checkout_test

import (
	"bufio"
	"context"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/standins"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/postgrestest"
)

// command adds the subcommands of the provider to the path.
func (c *checkout) command(t *testing.T) {
	t.Helper()
	c.program(t, "terraform-provider-riva", `exec `+filepath.Join(c.dir, "bin", "terraform-provider-riva")+` "$@"`+"\n")
}

// serve runs lines that end with the subcommand serve, as in a terminal. It returns the address of the control plane when that
// answers requests. After the test, Ctrl-C stops it in order.
func (c *checkout) serve(t *testing.T, lines string) string {
	t.Helper()
	// If this process is killed, the standard input ends, and with it the processes of the terminal.
	const watch = "exec 3<&0\n{ cat <&3; kill -TERM 0; } >/dev/null 2>&1 &\nexec </dev/null\n"
	command := c.shell(context.WithoutCancel(t.Context()), "", watch+lines)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	_, err := command.StdinPipe()
	must(t, err)
	output, err := command.StdoutPipe()
	must(t, err)
	command.Stderr = command.Stdout
	must(t, command.Start())
	log, printed := bufio.NewScanner(output), ""
	t.Cleanup(func() {
		must(t, syscall.Kill(-command.Process.Pid, syscall.SIGINT))
		for log.Scan() {
			printed += log.Text() + "\n"
		}
		_ = command.Wait() // the shell was interrupted as well
		if !strings.Contains(printed, "msg=stopped") || strings.Contains(printed, "level=ERROR") {
			t.Errorf("the control plane did not stop in order:\n%s", printed)
		}
	})
	serving := regexp.MustCompile(`msg=serving address=(\S+) `)
	for log.Scan() {
		printed += log.Text() + "\n"
		if match := serving.FindStringSubmatch(log.Text()); match != nil {
			return match[1]
		}
	}
	t.Fatalf("the control plane did not start:\n%s", printed)
	return ""
}

// freePort returns a port that no program uses.
func freePort(t *testing.T) string {
	t.Helper()
	listener, err := new(net.ListenConfig).Listen(t.Context(), "tcp", "127.0.0.1:0")
	must(t, err)
	_, port, err := net.SplitHostPort(listener.Addr().String())
	must(t, err)
	must(t, listener.Close())
	return port
}

// terminals returns the commands of a guide: those of the first terminal, which end with the control plane, those of the second
// one, and those of terminals that run replicas.
func terminals(page string) (first, second string, replicas []string) {
	for _, block := range fenced(page, "shell") {
		serves := strings.HasSuffix(block, "terraform-provider-riva serve)\n")
		switch {
		case serves && strings.Contains(first, "terraform-provider-riva serve)\n"):
			replicas = append(replicas, block)
		case strings.Contains(first, "terraform-provider-riva serve)\n"):
			second += block
		default:
			first += block
		}
	}
	return first, second, replicas
}

// quoted matches the output that a page shows: … is other text, and times differ.
func quoted(block string) *regexp.Regexp {
	text := regexp.QuoteMeta(strings.TrimSpace(block))
	return regexp.MustCompile(strings.NewReplacer("…", `[^\n]*`, "after 0s", `after \d+s`).Replace(text))
}

// Runs the commands of the guide, in its order in each terminal, with a PostgreSQL server and a stand-in for Exchange.
func TestServeGuideWorks(t *testing.T) {
	t.Parallel()
	c := newCheckout(t)
	c.install(t)
	c.command(t)
	c.path = filepath.Dir(postgrestest.Program(t, "psql")) + string(os.PathListSeparator) + c.path
	cluster, variables := postgrestest.Start(t), map[string]string{}
	standIn, _ := standins.Lookup("exchange")
	exchange, err := standIn.Start(sandbox.Options{})
	must(t, err)
	t.Cleanup(func() { must(t, exchange.Close()) })
	for _, v := range exchange.Variables() {
		variables[v.Name] = v.Value
	}
	here := strings.NewReplacer(
		"@localhost/riva", "@/riva?host="+cluster.Dir,
		"8443", freePort(t), "8444", freePort(t), "9640", freePort(t), "9641", freePort(t),
		"https://mail.example.com/EWS/Exchange.asmx", variables["exchange_url"], "=mail.example.com", "=127.0.0.1",
		"svc-riva@example.com", variables["exchange_username"], "password='…'", "password='"+variables["exchange_password"]+"'",
	)
	page := readText(t, "templates/guides/running-the-control-plane.md.tmpl")
	first, second, replicas := terminals(page)
	if len(replicas) != 1 {
		t.Fatalf("the guide starts %d replicas", len(replicas))
	}
	folder := filepath.Join(c.home, "riva")
	c.serve(t, "export PGHOST="+cluster.Dir+" PGUSER=riva\n"+here.Replace(first))
	c.serve(t, here.Replace(replicas[0]))
	must(t, os.WriteFile(filepath.Join(folder, "main.tf"), []byte(here.Replace(readText(t, "examples/serve/main.tf"))), 0o600))

	ready := here.Replace("cd ~/riva && curl -sS --cacert ca.crt https://localhost:8444/readyz\n")
	out := terminalFormatting.ReplaceAllString(c.run(t, "", here.Replace(second)+ready, "yes\n"), "")
	expectOutput(t, out, nil, true, `{"status":"ok"}`, "riva_tokens_total{", "terraform", "No changes.", "working")
	if count := strings.Count(out, `{"status":"ready"}`); count != 2 {
		t.Errorf("%d replicas are ready, want 2:\n%s", count, out)
	}
	shown := fenced(page, "text")
	if len(shown) != 2 {
		t.Fatalf("the guide shows %d outputs", len(shown))
	}
	for _, block := range shown {
		if !quoted(here.Replace(block)).MatchString(out) {
			t.Errorf("the guide shows\n%s\nbut the output is\n%s", block, out)
		}
	}
	for _, name := range []string{"keyset.json", "serve.env", "tls.key", "admin.json", "terraform.json"} {
		if info, err := os.Stat(filepath.Join(folder, name)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("others can read %s (%v)", name, err)
		}
	}
}
