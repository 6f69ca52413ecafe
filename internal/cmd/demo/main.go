// Command demo shows the story of two connections, with a real terraform or tofu and stand-ins for Exchange and Salesforce. With
// examples/quickstart, it creates the connections, rotates and re-validates them, uses them, and tries to delete them. Each scene
// shows a command and the lines of its output that matter. The demo fails as soon as an output is not as expected. Its folder
// stays, and -stand-ins starts the stand-ins again, to go on by hand.
package main

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

// settings has the command line flags and the environment.
type settings struct {
	terraform, provider, example, folder string
	standIns                             bool
	picture                              string
}

func main() {
	var s settings
	flag.StringVar(&s.terraform, "terraform", "terraform", "terraform or tofu binary to use")
	flag.StringVar(&s.provider, "provider", "bin/"+providerName, "provider binary to use")
	flag.StringVar(&s.example, "example", "examples/quickstart", "configuration to use")
	flag.StringVar(&s.folder, "folder", "dist/demo", "folder of the demo; one of an earlier demo is replaced")
	flag.BoolVar(&s.standIns, "stand-ins", false, "start the stand-ins of the folder again, until Ctrl-C")
	flag.StringVar(&s.picture, "picture", "", "write a moving picture of the story to this SVG `file`")
	flag.Parse()

	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	run := play
	if s.standIns {
		run = serve
	}
	err := run(ctx, s)
	stop()
	if err != nil {
		fmt.Fprintf(os.Stderr, "\nThe demo failed: %v\n", err)
		os.Exit(1)
	}
}

// play starts the stand-ins, plays the story, and shows how to go on.
func play(ctx context.Context, s settings) (err error) {
	f, err := newFolder(s.folder, s.terraform, s.provider, s.example)
	if err != nil {
		return err
	}
	log, err := os.OpenFile(filepath.Join(f.root, logName), os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	defer func() { err = errors.Join(err, log.Close()) }()
	running, err := startStandIns(savedStandIns{})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, running.close()) }()
	d, err := newDemo(newScreen(os.Stdout, os.Stdin, os.Getenv), log, f, running)
	if err != nil {
		return err
	}
	scenes := allScenes()
	d.screen.intro(f.dir.Tool(), len(scenes))
	all, err := d.play(ctx, scenes)
	if err != nil {
		return errors.Join(err, fmt.Errorf("the log is in %s", filepath.Join(s.folder, logName)))
	}
	if err := f.writeJSON(standInsName, running.save()); err != nil {
		return err
	}
	d.screen.ending(all, s.folder, f.dir.Tool(), running)
	if s.picture != "" {
		return writePicture(s.picture, all)
	}
	return nil
}

// newDemo prepares the story: the configuration has the values of the stand-ins.
func newDemo(screen *screen, log *os.File, f *folder, running *standIns) (*demo, error) {
	service := running.exchange.Service()
	d := &demo{screen: screen, log: log, tools: f.dir, folder: f, standIns: running, firstPassword: service.Password}
	err := d.setValues(func(v *values) {
		*v = values{
			URL: running.exchange.URL(), Username: service.Email, Password: service.Password,
			LoginURL: running.salesforce.MyDomainURL(), ServiceUser: running.salesforce.Service().Username,
			Organization: running.salesforce.Organization().ID, ClientID: running.salesforce.App().ConsumerKey,
			PrivateKey: running.salesforce.App().PrivateKey, Trigger: "first", Users: userEmails,
		}
	})
	return d, err
}

// newScreen returns a screen for a stream, as the environment asks for it.
func newScreen(out, in *os.File, getenv func(string) string) *screen {
	s := &screen{out: out, colors: colored(out, getenv), full: getenv("FULL") == "1"}
	if getenv("PAUSE") == "1" {
		s.pause = bufio.NewReader(in)
	}
	return s
}
