package engine_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

func TestCreateReportsAllInvalidFields(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(t *testing.T, w *fixture) {
		for name, c := range map[string]struct {
			spoil func(*model.NewConnection)
			// want has the path of each invalid field and words of its message.
			want map[string]string
		}{
			"an empty name": {func(n *model.NewConnection) { n.Name = "" }, map[string]string{"name": "must not be empty"}},
			"a name of white space": {
				func(n *model.NewConnection) { n.Name = " \u00a0\u2003" }, map[string]string{"name": "only white space"},
			},
			"a long name": {
				func(n *model.NewConnection) { n.Name = strings.Repeat("ü", 201) }, map[string]string{"name": "201 characters"},
			},
			"a control character": {
				func(n *model.NewConnection) { n.Name = "a\nb" }, map[string]string{"name": "control characters"},
			},
			"a character that is not visible": {
				func(n *model.NewConnection) { n.Name = "Ex\u200bchange" }, map[string]string{"name": "U+200B"},
			},
			"a character that changes the direction": {
				func(n *model.NewConnection) { n.Name = "\u202eegnahcxE" }, map[string]string{"name": "U+202E"},
			},
			"a name that is not visible": {
				func(n *model.NewConnection) { n.Name = "\ufe0f" }, map[string]string{"name": "must not be empty"},
			},
			"broken UTF-8": {func(n *model.NewConnection) { n.Name = "a\xff" }, map[string]string{"name": "UTF-8"}},
			"an unknown system": {
				func(n *model.NewConnection) { n.System, n.Name = "gopher", "" },
				map[string]string{"system": "use one of sales, mailer", "name": "must not be empty"},
			},
			"no settings and no credentials": {
				func(n *model.NewConnection) { n.Settings, n.Credentials = nil, nil },
				map[string]string{
					"settings.url": "required", "settings.username": "required", "credentials": "Set password or key with region",
				},
			},
			"http": {
				func(n *model.NewConnection) { n.Settings["url"] = "http://mail.example.com/" },
				map[string]string{"settings.url": "https"},
			},
			"unknown fields": {
				func(n *model.NewConnection) { n.Settings["color"] = "red"; n.Credentials["pin"] = "1234" },
				map[string]string{"settings.color": "is not a setting", "credentials.pin": "is not a secret"},
			},
			"a secret among the settings": {
				func(n *model.NewConnection) { n.Settings["password"] = "canary" },
				map[string]string{"settings.password": "is a secret"},
			},
			"two grants at once": {
				func(n *model.NewConnection) { n.Credentials["key"] = "{}" },
				map[string]string{"credentials.password": "cannot be combined"},
			},
			"a grant that lacks a setting": {
				func(n *model.NewConnection) { n.Credentials = target.Credentials{"key": "{}"} },
				map[string]string{"settings.region": "also requires region"},
			},
		} {
			t.Run(name, func(t *testing.T) {
				n := newMail("Mail")
				c.spoil(&n)
				_, err := w.CreateConnection(w.ctx, n)
				wantInvalidFields(t, err, c.want)
				if strings.Contains(err.Error(), "canary") {
					t.Errorf("the error shows a secret: %v", err)
				}
			})
		}
		if w.mail.calls() != 0 {
			t.Error("the target system was called")
		}
	})
}

func TestNameMayHave200Characters(t *testing.T) {
	t.Parallel()
	eachFixture(t, func(_ *testing.T, w *fixture) {
		w.create(newMail(strings.Repeat("ü", 200)))
	})
}

// wantInvalidFields compares the paths of a *model.InvalidError and searches the messages for words.
func wantInvalidFields(t *testing.T, err error, want map[string]string) {
	t.Helper()
	var invalid *model.InvalidError
	if !errors.As(err, &invalid) {
		t.Fatalf("want an InvalidError, got %v", err)
	}
	got := map[string]string{}
	for _, p := range invalid.Fields {
		got[p.Path] += p.Message
	}
	for path, words := range want {
		if !strings.Contains(got[path], words) {
			t.Errorf("%s: want %q, got %q", path, words, got[path])
		}
	}
	if len(got) != len(want) {
		t.Errorf("want %d invalid fields, got %q", len(want), got)
	}
}
