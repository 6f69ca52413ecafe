package cli

import (
	"runtime/debug"
	"testing"
)

func TestRevision(t *testing.T) {
	t.Parallel()
	const hash = "0123456789abcdef0123456789abcdef01234567"
	for name, c := range map[string]struct {
		info *debug.BuildInfo
		want string
	}{
		"no information": {nil, ""},
		"not from git":   {&debug.BuildInfo{}, ""},
		"a commit": {
			&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: hash}, {Key: "vcs.modified", Value: "false"}}},
			hash,
		},
		"a commit with changes": {
			&debug.BuildInfo{Settings: []debug.BuildSetting{{Key: "vcs.revision", Value: hash}, {Key: "vcs.modified", Value: "true"}}},
			hash + " with changes",
		},
	} {
		if got := revision(c.info); got != c.want {
			t.Errorf("%s: the commit is %q, want %q", name, got, c.want)
		}
	}
}
