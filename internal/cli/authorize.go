package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/embedded"
)

// defaultSignInWait is how long the command waits for a person by default: as long as one attempt may take.
const defaultSignInWait = api.SignInTimeout

// errPasteShared means that a shared control plane was selected with --paste.
var errPasteShared = errors.New("--paste is for the embedded control plane: the link of a shared one works in any browser that " +
	"reaches it, on any machine, so run the command without --paste")

// authorizeCommand is the subcommand authorize with its options.
type authorizeCommand struct {
	access    access
	output    output
	paste     bool
	noBrowser bool
	timeout   time.Duration
}

// newAuthorizeCommand creates the subcommand authorize.
func newAuthorizeCommand(version string) *cobra.Command {
	a := authorizeCommand{access: access{version: version}}
	command := &cobra.Command{
		Use:   "authorize CONNECTION",
		Short: "Sign in to the target system of a connection as a person, in a browser",
		Long: `Lets a person sign in to the target system of a connection, in a browser, and waits for the result. Connections to
systems with such a sign-in can be created without a secret, and be authorized again when they stopped working.

The command prints a secret link and opens it in the browser. The first page shows who is expected to sign in. Log out of
other sessions of the target system first. The expected account and the granted scopes are checked, and the connection is
tested. Only then is the sign-in stored; until then, the stored credentials stay in force. After a failed attempt, the
person can start again with the same link. If the connection does not say who must sign in, the command shows who did and
asks, which requires a terminal.

With an embedded control plane, the command listens on the loopback address of this machine while it waits. The app at the
target system must accept the callback address that the command prints. A shared control plane has pages of its own: the
command opens no port, and only waits.

With --paste, the browser can be on another machine: sign in there, and paste the address where the browser ends. The page
there cannot be displayed; only its address is needed. The command reads it without showing it.

The exit status is 0 if the connection works: the expected person signed in, the quick test passed, and the metadata was
read if the target system has any. It is 1 otherwise. After an interruption or a time-out, the link is invalid.`,
		Example: `  terraform-provider-riva authorize Salesforce
  terraform-provider-riva authorize Salesforce --no-browser --timeout 1h
  terraform-provider-riva authorize "Office 365" --data-dir /srv/riva --paste
  terraform-provider-riva authorize Google --json`,
		Args:          oneArgument("one connection, by name or id"),
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, args []string) error {
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.run(ctx, command, args[0])
		},
	}
	a.access.addFlags(command)
	a.output.addFlag(command)
	flags := command.Flags()
	flags.BoolVar(&a.paste, "paste", false, "the browser is on another machine: paste the address where it ends")
	flags.BoolVar(&a.noBrowser, "no-browser", false, "print the link only, and open no browser (default: BROWSER, or the system's)")
	flags.DurationVar(&a.timeout, "timeout", defaultSignInWait, "how long to wait for the person; at most until the link expires")
	return command
}

// run selects the control plane and lets the person sign in.
func (a *authorizeCommand) run(ctx context.Context, command *cobra.Command, idOrName string) error {
	if a.timeout <= 0 {
		return fmt.Errorf("--timeout must be longer than 0, and is %s", a.timeout)
	}
	if err := a.access.checkVariables(); err != nil {
		return err
	}
	start := func(client *api.Client, control *embedded.ControlPlane) error {
		s := signIn{
			api: client, output: a.output, out: command.OutOrStdout(), timeout: a.timeout, noBrowser: a.noBrowser,
			dialog: newDialog(command.ErrOrStderr(), command.InOrStdin()),
		}
		if err := s.find(ctx, client, idOrName); err != nil {
			return err
		}
		switch {
		case control == nil:
			return s.run(ctx, s.atServer)
		case a.paste:
			return s.run(ctx, func(ctx context.Context, r api.Revalidation) (api.Revalidation, error) {
				return s.byPaste(ctx, control, r)
			})
		}
		return s.atListener(ctx, control)
	}
	if !a.access.isShared() {
		return a.access.useEmbedded(ctx, command.ErrOrStderr(), start)
	}
	if a.paste {
		return errPasteShared
	}
	client, err := a.access.sharedClient()
	if err != nil {
		return err
	}
	return start(client, nil)
}

// find finds the connection and how a person signs in to its target system.
func (s *signIn) find(ctx context.Context, client *api.Client, idOrName string) error {
	var err error
	if s.connection, err = connections(client).find(ctx, idOrName); err != nil {
		return err
	}
	systems, err := client.TargetSystems(ctx)
	if err != nil {
		return describeError("read the catalog of target systems", err)
	}
	for i := range systems {
		if systems[i].Name == s.connection.System {
			s.system = systems[i]
		}
	}
	if s.system.Authorize == nil {
		return fmt.Errorf("the control plane does not support the sign-in of a person for the connection %q (%s): "+
			"submit its credentials instead", s.connection.Name, s.connection.System)
	}
	return nil
}

// newDialog returns the dialog of a command. A person can answer only at a terminal.
func newDialog(out io.Writer, in io.Reader) *dialog {
	return &dialog{raw: out, out: visibleWriter{out}, in: in, animated: isTerminal(out), interactive: isTerminal(in)}
}
