package cli

import (
	"context"
	"fmt"
	"iter"
	"strconv"
	"strings"

	"github.com/google/uuid"
	"github.com/spf13/cobra"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
)

// oneArgument requires one argument. What names it in the error, such as: one connection, by id or name.
func oneArgument(what string) cobra.PositionalArgs {
	return func(command *cobra.Command, args []string) error {
		if len(args) != 1 {
			return fmt.Errorf("specify %s: %s", what, command.UseLine())
		}
		return nil
	}
}

// finder finds objects of one kind for a command.
type finder[T any] struct {
	// object is one object, such as "connection", and resource its type in Terraform.
	object, resource string
	byID, byName     func(ctx context.Context, value string) (T, error)
	// each lists the objects, up to a limit, and name is the name of one.
	each func(ctx context.Context, limit int) iter.Seq2[T, error]
	name func(*T) string
}

// find finds an object by id or name. The error for an object that does not exist lists those that do.
func (f finder[T]) find(ctx context.Context, idOrName string) (T, error) {
	found, err := f.lookUp(ctx, idOrName)
	switch {
	case api.IsNotFound(err):
		return found, f.unknown(ctx, idOrName)
	case err != nil:
		return found, describeError("find the "+f.object+" "+idOrName, err)
	}
	return found, nil
}

// lookUp tries a text in the form of an id as an id first, and then as a name: an object may have such a name.
func (f finder[T]) lookUp(ctx context.Context, idOrName string) (T, error) {
	if uuid.Validate(idOrName) == nil {
		found, err := f.byID(ctx, idOrName)
		if err == nil || !api.IsNotFound(err) {
			return found, err
		}
	}
	return f.byName(ctx, idOrName)
}

// unknown returns the error for an object that does not exist.
func (f finder[T]) unknown(ctx context.Context, idOrName string) error {
	var known []string
	for object, err := range f.each(ctx, maxSuggested+1) {
		if err != nil {
			return describeError("list the objects of the type "+f.resource, err)
		}
		known = append(known, f.name(&object))
	}
	return &unknownError{object: f.object, resource: f.resource, idOrName: idOrName, known: known}
}

// connections finds connections.
func connections(client *api.Client) finder[api.Connection] {
	return finder[api.Connection]{
		object: "connection", resource: "riva_connection", byID: client.Connection, byName: client.ConnectionByName,
		each: func(ctx context.Context, limit int) iter.Seq2[api.Connection, error] {
			return client.EachConnection(ctx, api.ConnectionFilter{}, limit)
		},
		name: func(c *api.Connection) string { return c.Name },
	}
}

// maxSuggested is the maximum number of names in an error.
const maxSuggested = 10

// unknownError means that no object has the id or name.
type unknownError struct {
	object, resource, idOrName string
	// known has the names of existing objects. One more than maxSuggested means that there may be others.
	known []string
}

func (e *unknownError) Error() string {
	if len(e.known) == 0 {
		return fmt.Sprintf("the %s %q does not exist, and neither does any other: apply a configuration with a "+
			"%s, or specify another data directory with --data-dir or RIVA_DATA_DIR", e.object, e.idOrName, e.resource)
	}
	return fmt.Sprintf("the %s %q does not exist: specify an existing one (%s)", e.object, e.idOrName, quoteSome(e.known))
}

// quoteSome lists names in quotes, up to maxSuggested.
func quoteSome(names []string) string {
	quoted := make([]string, 0, maxSuggested)
	for _, name := range names[:min(len(names), maxSuggested)] {
		quoted = append(quoted, strconv.Quote(name))
	}
	list := strings.Join(quoted, ", ")
	if len(names) > maxSuggested {
		list += ", and others"
	}
	return list
}
