package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
)

// tools runs the programs of the story in its folder.
type tools interface {
	Tool() string
	Terraform(ctx context.Context, show io.Writer, env map[string]string, args ...string) (workdir.Result, error)
	Provider(ctx context.Context, show io.Writer, env map[string]string, args ...string) (workdir.Result, error)
}

// demo plays the story. It has a folder, and stand-ins with the users' accounts.
type demo struct {
	screen *screen
	log    io.Writer // gets every output, whole
	live   io.Writer // gets the output of the running command, while it runs
	tools  tools
	folder *folder
	*standIns

	// values are the variables of the configuration. The target systems may have other passwords.
	values values
	// refreshed is when the metadata of Salesforce was last read, as an earlier scene saw it.
	refreshed string
	// firstPassword is the password in Exchange at the beginning.
	firstPassword string
}

// play plays all scenes. It returns those that were played, and stops at the first result that is not as expected.
func (d *demo) play(ctx context.Context, scenes []scene) ([]played, error) {
	var all []played
	for i, s := range scenes {
		d.screen.begin(i+1, len(scenes), s.headline, s.sentence)
		fmt.Fprintf(d.log, "\n━━ %d/%d  %s\n%s\n", i+1, len(scenes), s.headline, s.sentence)
		p := played{headline: s.headline, sentence: s.sentence, proof: s.proof}
		for _, c := range s.commands {
			shown, err := d.command(ctx, c)
			if err != nil {
				return all, fmt.Errorf("%s: %w", s.headline, err)
			}
			p.parts = append(p.parts, shown)
		}
		if s.verify != nil {
			var err error
			if p.found, err = s.verify(d); err != nil {
				return all, fmt.Errorf("%s: %w", s.headline, err)
			}
		}
		all = append(all, p)
		if err := d.screen.end(p.found, s.proof, i == len(scenes)-1); err != nil {
			return all, err
		}
	}
	return all, nil
}

// command runs one command, and shows it.
func (d *demo) command(ctx context.Context, c command) (shown part, err error) {
	tool, run := d.tools.Tool(), d.tools.Terraform
	if c.provider {
		tool, run = providerName, d.tools.Provider
	}
	shown.command = tool + " " + strings.Join(c.args, " ")
	if c.before != nil {
		if shown.comment, err = c.before(d); err != nil {
			return part{}, err
		}
	}
	d.screen.command(shown.comment, shown.command)
	fmt.Fprintf(d.log, "\n# %s\n$ %s\n", shown.comment, shown.command)

	var output bytes.Buffer
	writers := []io.Writer{&output, d.log}
	if d.screen.full {
		writers = append(writers, d.screen.out)
	}
	d.live = io.MultiWriter(writers...)
	result, err := d.withPerson(ctx, c.person, func(ctx context.Context, show io.Writer) (workdir.Result, error) {
		return run(ctx, show, environment, c.args...)
	})
	result.Output = indented(result.Output)
	if err == nil {
		err = d.expect(c, result)
	}
	if err != nil {
		d.screen.failure(output.String())
		return part{}, fmt.Errorf("%s: %w", shown.command, err)
	}
	shown.shown, shown.folded = excerpt(result.Output, c.matters)
	d.screen.output(shown.shown, shown.folded)
	return shown, nil
}

// indented returns a JSON document with a line for each value, as Terraform prints it. OpenTofu prints it on one line.
func indented(output string) string {
	var lines bytes.Buffer
	if json.Indent(&lines, []byte(output), "", "  ") != nil {
		return output
	}
	return lines.String()
}

// environment makes outputs plain.
var environment = map[string]string{"TF_CLI_ARGS": "-no-color", "TF_INPUT": "0"}

// expect returns an error if the result of a command is not as expected.
func (d *demo) expect(c command, result workdir.Result) error {
	if failed := result.Status != 0; failed != c.fails {
		return fmt.Errorf("the exit status is %d", result.Status)
	}
	output := flatten(result.Output)
	for _, text := range c.shows {
		if !strings.Contains(output, text) {
			return fmt.Errorf("the output lacks %q", text)
		}
	}
	for _, text := range c.hides {
		if strings.Contains(output, text) {
			return fmt.Errorf("the output contains %q", text)
		}
	}
	for _, s := range d.secrets() {
		if strings.Contains(output, s.text) {
			return fmt.Errorf("the output contains a secret: %s", s.name)
		}
	}
	return nil
}

// flatten removes the frames and line breaks of terraform's diagnostics.
func flatten(output string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("│", " ", "╷", " ", "╵", " ").Replace(output)), " ")
}
