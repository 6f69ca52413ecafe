package store

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

// collisionSeparator is in no name, since names do not contain control characters, and PostgreSQL can store it.
const collisionSeparator = "\x1f"

// collidingName is the folded name of an object that does not own the plain one. It is unique, since ids are.
func collidingName(folded, id string) string { return folded + collisionSeparator + id }

// Collision reports two objects of one type whose names are equal since the rules for names changed: in earlier versions,
// "STRASSE" and "Straße" were different names. Both objects keep their names and work. A lookup by either name finds the
// older object, so one of them should be renamed.
type Collision struct {
	// Object is "connection", "sync policy" or "user".
	Object string
	// ID and Name are those of the older object, which is found by name. The name of a user is the email address.
	ID, Name string
	// OtherID and OtherName are those of the object that is found only by its id.
	OtherID, OtherName string
}

// String describes the collision and what to do, as one sentence.
func (c Collision) String() string {
	objects, what, remedy := c.Object+"s", "names", "rename one of them"
	switch c.Object {
	case policyNames.object:
		objects = "sync policies"
	case userNames.object:
		what, remedy = "email addresses", "change the address of one of them"
	}
	return fmt.Sprintf("the %s of the %s %q (id %s) and %q (id %s) differ only in letter case or invisible characters: "+
		"%s; until then, a lookup by either finds the first one", what, objects, c.Name, c.ID, c.OtherName, c.OtherID, remedy)
}

// Collisions lists the names that collided when the store was opened. It is empty for all databases but those in which an
// earlier version stored such names.
func (s *Store) Collisions() []Collision { return s.collisions }

// readCollisions reads what [Store.Collisions] returns.
func (s *Store) readCollisions(ctx context.Context) error {
	return s.run(ctx, s.db.beginRead, func(t *tx) error {
		for _, u := range allNames {
			rows, err := t.collidingRows(ctx, u)
			if err != nil {
				return err
			}
			for _, r := range rows {
				owner, err := t.plainOwner(ctx, u, r)
				if err != nil {
					return err
				}
				s.collisions = append(s.collisions, Collision{
					Object: u.object, ID: owner.id, Name: owner.name, OtherID: r.id, OtherName: r.name,
				})
			}
		}
		return nil
	})
}

// clearCollisions gives a plain folded name that is now free to the oldest object that collided with it. It is called after
// every change and deletion of a name. New collisions cannot occur, so it does nothing in a database that had none.
func (t *tx) clearCollisions(ctx context.Context, u uniqueNames) error {
	if len(t.store.collisions) == 0 {
		return nil
	}
	rows, err := t.collidingRows(ctx, u)
	if err != nil {
		return err
	}
	for _, r := range rows {
		_, err := t.plainOwner(ctx, u, r)
		if err == nil {
			continue
		}
		if !errors.Is(err, model.ErrNotFound) {
			return err
		}
		err = t.execOne(ctx, "clear collision", u.setFolded(), plainName(r), r.id)
		if err != nil {
			return err
		}
	}
	return nil
}

// collidingRows lists the objects that do not own their plain folded name, oldest first.
func (t *tx) collidingRows(ctx context.Context, u uniqueNames) ([]namedRow, error) {
	return many(ctx, t, "list colliding names", scanNamedRow,
		u.selectWhere(u.column+"_folded LIKE $1")+" ORDER BY id", "%"+collisionSeparator+"%")
}

// plainOwner finds the object that owns the plain folded name of a colliding one.
func (t *tx) plainOwner(ctx context.Context, u uniqueNames, r namedRow) (namedRow, error) {
	return one(ctx, t, "find "+u.object, scanNamedRow, u.selectWhere(u.foldedIs()), plainName(r))
}

func plainName(r namedRow) string {
	plain, _, _ := strings.Cut(r.folded, collisionSeparator)
	return plain
}
