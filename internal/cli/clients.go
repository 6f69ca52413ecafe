package cli

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// newClientsCommand creates the subcommand clients, with its own subcommands.
func newClientsCommand(version string) *cobra.Command {
	command := &cobra.Command{
		Use:   "clients",
		Short: "Manage the programs that may call a shared control plane",
		Long: `Manages the clients of a shared control plane: the programs that may call it, such as pipelines. A client gets access
tokens with a secret, with a key of its own, or with tokens of an outside issuer that it trusts, such as those of a pipeline.

The commands require the scope admin. For the first client of a control plane, run them where its database is, with --data-dir, or
with RIVA_DATABASE_URL and RIVA_KEYSET.`,
		Args: cobra.NoArgs,
	}
	command.AddCommand(newListClientsCommand(version), newCreateClientCommand(version), newRotateCommand(version),
		newDisableCommand(version, "disable", true), newDisableCommand(version, "enable", false), newTrustCommand(version))
	return command
}

// withClient creates a command that calls the control plane.
func withClient(
	a *access, command *cobra.Command, run func(context.Context, *api.Client, io.Writer, []string) error,
) *cobra.Command {
	command.SilenceUsage, command.SilenceErrors = true, true // main prints the error
	command.RunE = func(command *cobra.Command, args []string) error {
		ctx, stop := interruptible(command.Context())
		defer stop()
		return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
			return run(ctx, client, command.OutOrStdout(), args)
		})
	}
	a.addFlags(command)
	return command
}

// clientColumns are the columns of the table of clients.
var clientColumns = []column[api.RegisteredClient]{
	{"NAME", func(c *api.RegisteredClient) string { return c.Name }},
	{"CLIENT ID", func(c *api.RegisteredClient) string { return c.ID }},
	{"SCOPES", func(c *api.RegisteredClient) string { return joinScopes(c.Scopes) }},
	{"AUTHENTICATES WITH", authenticatesWith},
	{"LAST USED", func(c *api.RegisteredClient) string {
		if c.LastUsedAt == nil {
			return "never"
		}
		return timestamp(*c.LastUsedAt)
	}},
	{"STATE", func(c *api.RegisteredClient) string {
		if c.DisabledAt != nil {
			return "disabled"
		}
		return "enabled"
	}},
}

// authenticatesWith lists the ways in which a client can get tokens.
func authenticatesWith(c *api.RegisteredClient) string {
	var ways []string
	if len(c.Secrets) > 0 {
		ways = append(ways, "secret")
	}
	if len(c.KeyIDs) > 0 {
		ways = append(ways, "key")
	}
	for _, rule := range c.Trusted {
		if !slices.Contains(ways, rule.Issuer) {
			ways = append(ways, rule.Issuer)
		}
	}
	return strings.Join(ways, ", ")
}

func joinScopes(scopes []api.Scope) string {
	texts := make([]string, len(scopes))
	for i, scope := range scopes {
		texts[i] = string(scope)
	}
	return strings.Join(texts, " ")
}

func newListClientsCommand(version string) *cobra.Command {
	a, o := access{version: version}, output{}
	command := withClient(&a, &cobra.Command{
		Use: "list", Short: "List the clients, with their scopes and when they were last used", Args: cobra.NoArgs,
		Example: `  terraform-provider-riva clients list --json`,
	}, func(ctx context.Context, client *api.Client, out io.Writer, _ []string) error {
		found, err := client.Clients(ctx)
		if err != nil {
			return describeError("list the clients", err)
		}
		return printList(out, o, found, "No clients.", clientColumns)
	})
	o.addFlag(command)
	return command
}

// scopesFlag adds the flag for scopes.
func scopesFlag(command *cobra.Command, scopes *[]string, help string) {
	command.Flags().StringSliceVar(scopes, "scope", nil, help)
}

func asScopes(texts []string) []api.Scope {
	scopes := make([]api.Scope, len(texts))
	for i, text := range texts {
		scopes[i] = api.Scope(text)
	}
	return scopes
}

func newCreateClientCommand(version string) *cobra.Command {
	a, o := access{version: version}, output{}
	var scopes []string
	var keys string
	var noSecret bool
	command := withClient(&a, &cobra.Command{
		Use: "create NAME", Short: "Create a client, and print its secret once", Args: oneArgument("the name of the client"),
		Long: `Creates a client and prints its id and its secret. The secret is not stored and cannot be printed again: keep it in a
store of secrets. With --keys, the client authenticates with a key of its own (private_key_jwt): give the JSON Web Key Set with
its public keys. A client that only trusts an issuer (see "clients trust") needs no secret.`,
		Example: `  terraform-provider-riva clients create pipeline --scope read,compare,test,write
  terraform-provider-riva clients create pull-requests --scope read --no-secret`,
	}, func(ctx context.Context, client *api.Client, out io.Writer, args []string) error {
		secret := !noSecret
		in := api.CreateRegisteredClient{Name: args[0], Scopes: asScopes(scopes), Secret: &secret}
		if keys != "" {
			content, err := os.ReadFile(keys)
			if err != nil {
				return fmt.Errorf("read the keys: %w", err)
			}
			in.Keys = content
		}
		issued, err := client.CreateClient(ctx, in)
		if err != nil {
			return describeError(fmt.Sprintf("create the client %q", args[0]), err)
		}
		return printIssued(out, o, fmt.Sprintf("Created the client %q.", issued.Client.Name), issued)
	})
	scopesFlag(command, &scopes, "what the client may do: read, compare, test, write, admin (admin includes all)")
	command.Flags().StringVar(&keys, "keys", "", "file with the JSON Web Key Set of the client's public keys")
	command.Flags().BoolVar(&noSecret, "no-secret", false, "create no secret")
	_ = command.MarkFlagRequired("scope") // the flag exists
	command.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return command
}

// printIssued prints a client with its new secret.
func printIssued(out io.Writer, o output, message string, issued api.IssuedClient) error {
	if o.json {
		return printJSON(out, issued)
	}
	shown := visibleWriter{out}
	fmt.Fprintln(shown, message)
	fmt.Fprintf(shown, "client_id:     %s\n", issued.Client.ID)
	if issued.Secret != "" {
		fmt.Fprintf(shown, "client_secret: %s\nThe secret is shown only now. Keep it in a store of secrets.\n", string(issued.Secret))
	}
	return nil
}

func newRotateCommand(version string) *cobra.Command {
	a, o := access{version: version}, output{}
	overlap := api.SecretOverlap
	command := withClient(&a, &cobra.Command{
		Use: "rotate NAME", Short: "Give a client another secret, and print it once", Args: oneArgument("one client, by name or id"),
		Long: `Gives a client another secret and prints it. The secret before stays valid for the overlap, so that the client can be
changed meanwhile. Older secrets end at once.`,
		Example: `  terraform-provider-riva clients rotate pipeline --overlap 2h`,
	}, func(ctx context.Context, client *api.Client, out io.Writer, args []string) error {
		found, err := findClient(ctx, client, args[0])
		if err != nil {
			return err
		}
		seconds := int(overlap / time.Second)
		issued, err := client.RotateSecret(ctx, found.ID, api.RotateSecret{OverlapSeconds: &seconds})
		if err != nil {
			return describeError(fmt.Sprintf("rotate the secret of the client %q", found.Name), err)
		}
		message := fmt.Sprintf("The client %q has another secret. The one before ends in %s.", found.Name, overlap)
		return printIssued(out, o, message, issued)
	})
	command.Flags().DurationVar(&overlap, "overlap", overlap, "how long the secret before stays valid")
	command.Flags().BoolVar(&o.json, "json", false, "print JSON for programs")
	return command
}

func newDisableCommand(version, verb string, disabled bool) *cobra.Command {
	a := access{version: version}
	short, done := "Reject a client, within a minute also with the tokens that it has", "The client %q is disabled.\n"
	if !disabled {
		short, done = "Accept a client again that was disabled", "The client %q is enabled.\n"
	}
	return withClient(&a, &cobra.Command{
		Use: verb + " NAME", Short: short, Args: oneArgument("one client, by name or id"),
		Example: `  terraform-provider-riva clients ` + verb + ` pipeline`,
	}, func(ctx context.Context, client *api.Client, out io.Writer, args []string) error {
		found, err := findClient(ctx, client, args[0])
		if err != nil {
			return err
		}
		if _, err := client.UpdateClient(ctx, found.ID, api.UpdateRegisteredClient{Disabled: &disabled}); err != nil {
			return describeError(fmt.Sprintf("%s the client %q", verb, found.Name), err)
		}
		fmt.Fprintf(visibleWriter{out}, done, found.Name)
		return nil
	})
}

func newTrustCommand(version string) *cobra.Command {
	a := access{version: version}
	var in api.TrustIssuer
	var scopes []string
	command := withClient(&a, &cobra.Command{
		Use: "trust NAME", Short: "Let tokens of an outside issuer authenticate a client",
		Args: oneArgument("one client, by name or id"),
		Long: `Lets tokens of an outside issuer, such as those of a pipeline, authenticate a client instead of a secret. A token must
have the issuer, the audience and no other, a subject that the whole pattern matches, and all claims. In the subject, * stands for
text without "/" and ":".

Names of repositories can be registered again by others. So rules for GitHub require the claim repository_id or
repository_owner_id, and rules for GitLab project_id or namespace_id. A subject that pull requests can have allows the scopes read
and test only.`,
		Example: `  terraform-provider-riva clients trust pipeline --issuer https://token.actions.githubusercontent.com \
    --subject 'repo:example/infrastructure:ref:refs/heads/main' --claim repository_id=123456789 \
    --audience https://riva.example.com --scope read,compare,test,write`,
	}, func(ctx context.Context, client *api.Client, out io.Writer, args []string) error {
		found, err := findClient(ctx, client, args[0])
		if err != nil {
			return err
		}
		in.Scopes = asScopes(scopes)
		rule, err := client.TrustIssuer(ctx, found.ID, in)
		if err != nil {
			return describeError(fmt.Sprintf("trust the issuer for the client %q", found.Name), err)
		}
		fmt.Fprintf(visibleWriter{out}, "The client %q trusts tokens of %s with the audience %s and the subject %s (rule %s).\n"+
			"client_id: %s\n", found.Name, rule.Issuer, rule.Audience, rule.Subject, rule.ID, found.ID)
		return nil
	})
	flags := command.Flags()
	flags.StringVar(&in.Issuer, "issuer", "", "the issuer of the tokens, such as https://token.actions.githubusercontent.com")
	flags.StringVar(&in.Audience, "audience", "",
		"their only audience: the address of the control plane (default with RIVA_ENDPOINT)")
	flags.StringVar(&in.Subject, "subject", "", "pattern for their whole subject")
	flags.StringToStringVar(&in.Claims, "claim", nil, "a further claim that they must have, as name=value; can be repeated")
	scopesFlag(command, &scopes, "what the tokens allow, among the scopes of the client")
	for _, name := range []string{"issuer", "subject", "scope"} {
		_ = command.MarkFlagRequired(name) // the flag exists
	}
	return command
}

// findClient finds a client by name, regardless of letter case, or by id.
func findClient(ctx context.Context, client *api.Client, idOrName string) (api.RegisteredClient, error) {
	all, err := client.Clients(ctx)
	if err != nil {
		return api.RegisteredClient{}, describeError("find the client "+idOrName, err)
	}
	known := make([]string, len(all))
	for i, c := range all {
		if c.ID == idOrName || strings.EqualFold(c.Name, idOrName) {
			return c, nil
		}
		known[i] = c.Name
	}
	if len(known) == 0 {
		return api.RegisteredClient{}, fmt.Errorf("the client %q does not exist, and neither does any other: create it with "+
			"terraform-provider-riva clients create", idOrName)
	}
	return api.RegisteredClient{}, fmt.Errorf("the client %q does not exist: specify an existing one (%s)", idOrName,
		quoteSome(known))
}
