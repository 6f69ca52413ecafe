package store

import (
	"context"
	"errors"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// uniqueNames says where the names of one type of object are: in a column of a table, as they were given. Another column,
// <column>_folded, is unique and has the folded name, see [names.Fold].
type uniqueNames struct{ object, table, column string }

var (
	connectionNames = uniqueNames{object: "connection", table: "connections", column: "name"}
	policyNames     = uniqueNames{object: "sync policy", table: "sync_policies", column: "name"}
	userNames       = uniqueNames{object: "user", table: "users", column: "email"}

	allNames = []uniqueNames{connectionNames, policyNames, userNames}
)

// namedRow is the row of an object with a name.
type namedRow struct{ id, name, folded string }

func scanNamedRow(r row) (n namedRow, err error) {
	err = r.Scan(&n.id, &n.name, &n.folded)
	return n, err
}

func (u uniqueNames) selectWhere(condition string) string {
	return "SELECT id, " + u.column + ", " + u.column + "_folded FROM " + u.table + " WHERE " + condition
}

// foldedIs compares the folded name with $1 in a condition, and sets it to $1 in an assignment.
func (u uniqueNames) foldedIs() string {
	return u.column + "_folded = $1"
}

// setFolded returns the statement that sets the folded name of the object with the id $2 to $1.
func (u uniqueNames) setFolded() string {
	return "UPDATE " + u.table + " SET " + u.foldedIs() + " WHERE id = $2"
}

// insertNamed inserts a new object, which the unique index decides. If another object has the name, the error is a
// *model.NameTakenError.
func (t *tx) insertNamed(ctx context.Context, u uniqueNames, columns, name string, values []any) error {
	statement := insert(u.table, columns) + " ON CONFLICT (" + u.column + "_folded) DO NOTHING"
	for {
		changed, err := t.exec(ctx, "insert "+u.object, statement, values...)
		if err != nil || changed > 0 {
			return err
		}
		owner, err := one(ctx, t, "find "+u.object, scanNamedRow, u.selectWhere(u.foldedIs()), names.Fold(name))
		switch {
		case err == nil:
			return &model.NameTakenError{Object: u.object, Name: owner.name, ID: owner.id}
		case !errors.Is(err, model.ErrNotFound): // else it was deleted since
			return err
		}
	}
}

// foldedName returns what to store in the column of folded names of an existing object. If another object than id has the name,
// the error is a *model.NameTakenError. If one gets the name after this look, the unique index is violated, and the transaction
// runs again. An object of a [Collision] keeps its name until it is renamed.
func (t *tx) foldedName(ctx context.Context, u uniqueNames, id, name string) (string, error) {
	folded := names.Fold(name)
	owner, err := one(ctx, t, "find "+u.object, scanNamedRow, u.selectWhere(u.foldedIs()+" AND id <> $2"), folded, id)
	switch {
	case errors.Is(err, model.ErrNotFound):
		return folded, nil
	case err != nil:
		return "", err
	}
	colliding := collidingName(folded, id)
	own, err := one(ctx, t, "find "+u.object, scanNamedRow, u.selectWhere("id = $1"), id)
	switch {
	case err == nil && own.name == name && own.folded == colliding:
		return colliding, nil
	case err != nil && !errors.Is(err, model.ErrNotFound):
		return "", err
	}
	return "", &model.NameTakenError{Object: u.object, Name: owner.name, ID: owner.id}
}
