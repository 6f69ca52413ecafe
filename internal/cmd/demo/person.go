package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"sync"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/cmd/workdir"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/person"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// configured is the heading of the last page, and what the command prints.
const configured = "Connection has been configured successfully!"

// removeSecret removes the secrets from the configuration, and lets the app in Salesforce send the browser of a person back.
func removeSecret(d *demo) (string, error) {
	err := d.salesforce.UpdateApp(func(a *salesforce.App) {
		a.SecretForCode, a.SecretForRefresh = false, false
		for port := 47100; port <= 47104; port++ {
			a.CallbackURLs = append(a.CallbackURLs, fmt.Sprintf("http://localhost:%d/oauth/callback", port))
		}
	})
	return valuesName + ": no secret for Salesforce; revalidation_trigger is new.", errors.Join(err, d.setValues(func(v *values) {
		v.PrivateKey, v.ClientSecret, v.Trigger = "", "", "third"
	}))
}

// wrongThenRight opens the link, and signs in as another user and then as the service user.
func wrongThenRight(ctx context.Context, d *demo, link string) error {
	browser, err := person.New()
	if err != nil {
		return err
	}
	page, err := browser.Open(ctx, link)
	for _, visit := range []struct{ username, heading string }{
		{otherUser, "A different account signed in"}, {d.salesforce.Service().Username, configured},
	} {
		if err != nil {
			return err
		}
		if len(page.Buttons) == 0 {
			return fmt.Errorf("the page has no button: %s", page.Text)
		}
		button := page.Buttons[0].Label
		if page, err = page.Press(ctx, button); err != nil {
			return err
		}
		callback, err := page.SignIn(ctx, visit.username, d.salesforce.Find(visit.username).Password, person.Choices{})
		if err != nil {
			return err
		}
		if page, err = browser.Open(ctx, callback); err != nil {
			return err
		}
		fmt.Fprintf(d.live, "Signing in as %s. The page shows: %s\n", visit.username, page.Heading)
		if page.Heading != visit.heading {
			return fmt.Errorf("the page is another one: %s", page.Text)
		}
	}
	return nil
}

// linkPattern matches the link that a person opens.
var linkPattern = regexp.MustCompile(`http://\S+/authorize/[\w-]{43}`)

// withPerson runs a command, with a person who opens the link in its output; nil for a command without.
func (d *demo) withPerson(
	ctx context.Context, signIn func(context.Context, *demo, string) error,
	run func(context.Context, io.Writer) (workdir.Result, error),
) (workdir.Result, error) {
	if signIn == nil {
		return run(ctx, d.live)
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	live := d.live
	watched := &linkFinder{out: live, link: make(chan string, 1)}
	d.live = watched // the person writes too
	defer func() { d.live = live }()
	ran, ended := make(chan struct{}), make(chan error, 1)
	go func() {
		select {
		case link := <-watched.link:
			err := signIn(ctx, d, link)
			if err != nil {
				cancel() // the command would wait until its time-out
			}
			ended <- err
		case <-ran:
			ended <- errors.New("the command printed no link")
		}
	}()
	result, err := run(ctx, watched)
	close(ran)
	return result, errors.Join(err, <-ended)
}

// linkFinder copies an output, and finds the link in it.
type linkFinder struct {
	mu   sync.Mutex
	out  io.Writer
	seen bytes.Buffer
	link chan string
}

// Write implements [io.Writer].
func (f *linkFinder) Write(p []byte) (int, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.seen.Write(p)
	if found := linkPattern.Find(f.seen.Bytes()); found != nil {
		select {
		case f.link <- string(found):
		default: // it is open already
		}
		f.seen.Reset()
	}
	return f.out.Write(p)
}
