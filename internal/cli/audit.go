package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// defaultEvents is how many audit events are listed without a limit.
const defaultEvents = 100

// auditQuery is what the command line asks of the audit trail.
type auditQuery struct {
	filter       api.AuditFilter
	connection   string
	since, until string
	limit        int
	output       output
}

// newAuditCommand creates the subcommand audit.
func newAuditCommand(version string) *cobra.Command {
	a, q := access{version: version}, auditQuery{}
	command := &cobra.Command{
		Use:   "audit",
		Short: "List the audit trail: who changed what and when, newest first",
		Long: `Lists every change and every rejected request, newest first: when, who, the operation, the object, the outcome and a
detail. It never contains a secret.

In embedded mode, who is the user of the operating system and the host and, in a pipeline, its run and the person who
started it. On a shared control plane, it is the authenticated client.

The exit status is 1 after an error only: a rejected request in the past is not one.`,
		Example: `  terraform-provider-riva audit --connection Exchange
  terraform-provider-riva audit --since 24h --outcome given_credentials
  terraform-provider-riva audit --action connection.delete --actor ada --json`,
		Args:          cobra.NoArgs,
		SilenceUsage:  true,
		SilenceErrors: true, // main prints the error
		RunE: func(command *cobra.Command, _ []string) error {
			if err := q.resolve(time.Now()); err != nil {
				return err
			}
			ctx, stop := interruptible(command.Context())
			defer stop()
			return a.use(ctx, command.ErrOrStderr(), func(client *api.Client) error {
				events, names, err := q.read(ctx, client)
				if err != nil {
					return err
				}
				return printList(command.OutOrStdout(), q.output, events, "No events.", auditColumns(names))
			})
		},
	}
	a.addFlags(command)
	q.output.addFlag(command)
	flags := command.Flags()
	flags.StringVar(&q.connection, "connection", "", "only events about this connection, by name or id")
	flags.StringVar(&q.filter.ObjectID, "object", "", "only events about the object with this id, which may be deleted")
	command.MarkFlagsMutuallyExclusive("connection", "object")
	flags.StringVar(&q.filter.Actor, "actor", "", "only events whose actor contains this text")
	flags.StringVar(&q.filter.Action, "action", "", "only this operation, such as connection.update")
	flags.StringVar(&q.filter.Outcome, "outcome", "", "only this outcome: done, or the code of an error or fault")
	flags.StringVar(&q.since, "since", "", "only events from this time on (RFC 3339), or of the last duration, such as 24h")
	flags.StringVar(&q.until, "until", "", "only events before this time (RFC 3339), or older than a duration, such as 1h")
	flags.IntVar(&q.limit, "limit", defaultEvents, "maximum number of events")
	return command
}

// resolve checks the options and completes the filter.
func (q *auditQuery) resolve(now time.Time) (err error) {
	if q.limit < 1 || q.limit > api.MaxItems {
		return fmt.Errorf("--limit must be from 1 to %d", api.MaxItems)
	}
	if q.filter.Since, err = parseTime(q.since, now); err != nil {
		return fmt.Errorf("--since: %w", err)
	}
	if q.filter.Until, err = parseTime(q.until, now); err != nil {
		return fmt.Errorf("--until: %w", err)
	}
	return nil
}

// parseTime reads a time, or a duration before now. An empty text is the zero time.
func parseTime(text string, now time.Time) (time.Time, error) {
	if text == "" {
		return time.Time{}, nil
	}
	if before, err := time.ParseDuration(text); err == nil && before >= 0 {
		return now.Add(-before), nil
	}
	at, err := time.Parse(time.RFC3339, text)
	if err != nil {
		return time.Time{}, fmt.Errorf("%q is neither a time, such as %s, nor a duration, such as 24h", text, timestamp(now))
	}
	return at, nil
}

// read reads the events, and the names of the connections and policies that they are about, by id. The detail of an event about a
// user has the email address.
func (q *auditQuery) read(ctx context.Context, client *api.Client) ([]api.AuditEvent, map[string]string, error) {
	if q.connection != "" {
		c, err := connections(client).find(ctx, q.connection)
		if unknown, ok := errors.AsType[*unknownError](err); ok {
			return nil, nil, fmt.Errorf("%w; for a deleted connection, specify its id with --object", unknown)
		}
		if err != nil {
			return nil, nil, err
		}
		q.filter.ObjectID = c.ID
	}
	events, err := client.AuditEvents(ctx, q.filter, q.limit)
	if err != nil {
		return nil, nil, describeError("read the audit trail", err)
	}
	if q.output.json {
		return events, nil, nil
	}
	names, err := connectionNames(ctx, client, events)
	if err != nil {
		return nil, nil, describeError("read the names of the connections", err)
	}
	for policy, err := range client.EachPolicy(ctx, api.PolicyFilter{}, api.MaxPage) {
		if err != nil {
			return nil, nil, describeError("read the names of the sync policies", err)
		}
		names[policy.ID] = policy.Name
	}
	return events, names, nil
}

// connectionNames returns the names of the existing connections that events are about, by id.
func connectionNames(ctx context.Context, client *api.Client, events []api.AuditEvent) (map[string]string, error) {
	var ids []string
	for i := range events {
		if id := events[i].ObjectID; id != "" && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	names := make(map[string]string, len(ids))
	for some := range slices.Chunk(ids, api.MaxIDs) {
		found, err := client.Connections(ctx, api.ConnectionFilter{IDs: some})
		if err != nil {
			return nil, err
		}
		for i := range found {
			names[found[i].ID] = found[i].Name
		}
	}
	return names, nil
}

// auditColumns are the columns of the table of audit events. Names are shown instead of ids where they are known.
func auditColumns(names map[string]string) []column[api.AuditEvent] {
	return []column[api.AuditEvent]{
		{"AT", func(e *api.AuditEvent) string { return timestamp(e.At) }},
		{"WHO", func(e *api.AuditEvent) string { return e.Actor }},
		{"ACTION", func(e *api.AuditEvent) string { return e.Action }},
		{"OBJECT", func(e *api.AuditEvent) string {
			if name, ok := names[e.ObjectID]; ok {
				return name
			}
			return e.ObjectID
		}},
		{"OUTCOME", func(e *api.AuditEvent) string { return e.Outcome }},
		{"DETAIL", func(e *api.AuditEvent) string { return e.Detail }},
	}
}
