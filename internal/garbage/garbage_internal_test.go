package garbage

import "testing"

func TestGarbageSettingsOfUserCount(t *testing.T) {
	t.Parallel()
	for variable, want := range map[string]bool{"GOGC": true, "GOMEMLIMIT": true, "GODEBUG": false} {
		percent, limit := settings(func(name string) string {
			if name == variable {
				return "50"
			}
			return ""
		})
		if user := percent == 0 && limit == 0; user != want {
			t.Errorf("with %s: %d percent, limit %d", variable, percent, limit)
		}
	}
}
