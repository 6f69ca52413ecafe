package access

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/names"
)

// The actions of audit events.
const (
	actionCreate   = "client.create"
	actionUpdate   = "client.update"
	actionRotate   = "client.rotate"
	actionTrust    = "client.trust"
	actionDistrust = "client.distrust"
)

// CreateClient creates a client. It returns the client's secret, which is not stored; empty if the client gets none.
func (s *Service) CreateClient(ctx context.Context, n model.NewClient) (c model.Client, secret string, err error) {
	c, err = change(ctx, s, actionCreate, "", func(tx model.Tx, now time.Time) (model.Client, error) {
		id, err := newID()
		if err != nil {
			return model.Client{}, err
		}
		c := model.Client{ID: id, Name: n.Name, Scopes: n.Scopes, Keys: n.Keys, CreatedAt: now}
		if err := checkClient(c); err != nil {
			return model.Client{}, err
		}
		if err := tx.InsertClient(ctx, c); err != nil {
			return model.Client{}, fmt.Errorf("store the client: %w", err)
		}
		if n.Secret {
			var row model.ClientSecret
			if secret, row, err = s.newSecret(id, now); err != nil {
				return model.Client{}, err
			}
			if err := tx.InsertClientSecret(ctx, row); err != nil {
				return model.Client{}, err
			}
		}
		detail := c.Name + ", scopes " + strings.Join(c.Scopes, " ")
		if err := engine.RecordAudit(ctx, tx, now, actionCreate, id, api.OutcomeDone, detail); err != nil {
			return model.Client{}, err
		}
		return tx.Client(ctx, id)
	}, model.AppendKey)
	if err != nil {
		secret = ""
	}
	return c, secret, err
}

// Clients lists clients in the order of creation.
func (s *Service) Clients(ctx context.Context, p model.Page) (found []model.Client, err error) {
	err = s.store.Read(ctx, func(tx model.Tx) (err error) {
		found, err = tx.Clients(ctx, p)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list clients: %w", err)
	}
	return found, nil
}

// Client reads a client.
func (s *Service) Client(ctx context.Context, id string) (model.Client, error) {
	return s.client(ctx, id)
}

// UpdateClient changes a client. A client that is disabled gets no tokens, and its tokens are rejected within a minute.
func (s *Service) UpdateClient(ctx context.Context, id string, in model.ClientChange) (model.Client, error) {
	return change(ctx, s, actionUpdate, id, func(tx model.Tx, now time.Time) (model.Client, error) {
		c, err := readClient(ctx, tx, id)
		if err != nil {
			return c, err
		}
		var changed []string
		if in.Name != nil && *in.Name != c.Name {
			c.Name, changed = *in.Name, append(changed, "name")
		}
		if in.Scopes != nil && !slices.Equal(*in.Scopes, c.Scopes) {
			c.Scopes, changed = *in.Scopes, append(changed, "scopes: "+strings.Join(*in.Scopes, " "))
		}
		if in.Keys != nil && *in.Keys != c.Keys {
			c.Keys, changed = *in.Keys, append(changed, "keys")
		}
		switch {
		case in.Disabled == nil || *in.Disabled == (c.DisabledAt != nil):
		case *in.Disabled:
			c.DisabledAt, changed = &now, append(changed, "disabled")
		default:
			c.DisabledAt, changed = nil, append(changed, "enabled")
		}
		if len(changed) == 0 {
			return c, nil
		}
		if err := checkClient(c); err != nil {
			return c, err
		}
		if err := tx.UpdateClient(ctx, c); err != nil {
			return c, fmt.Errorf("update the client: %w", err)
		}
		detail := c.Name + ": changed " + strings.Join(changed, ", ")
		return c, engine.RecordAudit(ctx, tx, now, actionUpdate, id, api.OutcomeDone, detail)
	}, model.ClientKey(id))
}

// RotateSecret gives a client a new secret, which is returned and not stored. The secret before stays valid for the overlap;
// older ones end at once, so that no more than two are valid.
func (s *Service) RotateSecret(ctx context.Context, id string, overlap time.Duration) (c model.Client, secret string, err error) {
	c, err = change(ctx, s, actionRotate, id, func(tx model.Tx, now time.Time) (model.Client, error) {
		if overlap < 0 || overlap > api.MaxSecretOverlap {
			return model.Client{}, invalid("overlap_seconds", fmt.Sprintf("overlap_seconds must be from 0 to %d.",
				int(api.MaxSecretOverlap.Seconds())))
		}
		c, err := readClient(ctx, tx, id)
		if err != nil {
			return c, err
		}
		if err := tx.ExpireClientSecrets(ctx, id, now.Add(overlap)); err != nil {
			return c, err
		}
		var row model.ClientSecret
		if secret, row, err = s.newSecret(id, now); err != nil {
			return c, err
		}
		if err := tx.InsertClientSecret(ctx, row); err != nil {
			return c, err
		}
		if err := engine.RecordAudit(ctx, tx, now, actionRotate, id, api.OutcomeDone, c.Name); err != nil {
			return c, err
		}
		return tx.Client(ctx, id)
	}, model.ClientKey(id))
	if err != nil {
		secret = ""
	}
	return c, secret, err
}

func readClient(ctx context.Context, tx model.Tx, id string) (model.Client, error) {
	c, err := tx.Client(ctx, id)
	if err != nil {
		return c, fmt.Errorf("client %s: %w", id, err)
	}
	return c, nil
}

// checkClient returns a *[model.InvalidError] for a client that cannot be stored.
func checkClient(c model.Client) error {
	var fields []model.InvalidField
	add := func(path, message string) { fields = append(fields, model.InvalidField{Path: path, Message: message}) }
	if message := nameProblem(c.Name); message != "" {
		add("name", message)
	}
	if message := scopesProblem(c.Scopes); message != "" {
		add("scopes", message)
	}
	if c.Keys != "" {
		if _, err := parseKeySet(c.Keys); err != nil {
			add("keys", err.Error())
		}
	}
	if len(fields) > 0 {
		return &model.InvalidError{Fields: fields}
	}
	return nil
}

func nameProblem(name string) string {
	switch {
	case strings.TrimSpace(names.Fold(name)) == "":
		return "name must not be empty or only white space: enter a name that users recognize."
	case !utf8.ValidString(name) || strings.ContainsFunc(name, unicode.IsControl):
		return "name must be one line of UTF-8 text."
	case utf8.RuneCountInString(name) > api.MaxNameLength:
		return fmt.Sprintf("name must not have more than %d characters: shorten it.", api.MaxNameLength)
	}
	if err := names.Check(name); err != nil {
		return "name " + err.Error() + "."
	}
	return ""
}

func scopesProblem(scopes []string) string {
	if len(scopes) == 0 {
		return "scopes must have at least one of " + strings.Join(allScopes, ", ") + "."
	}
	for i, scope := range scopes {
		if !slices.Contains(allScopes, scope) || slices.Contains(scopes[:i], scope) {
			return "scopes must be different ones of " + strings.Join(allScopes, ", ") + "."
		}
	}
	return ""
}

func invalid(path, message string) error {
	return &model.InvalidError{Fields: []model.InvalidField{{Path: path, Message: message}}}
}
