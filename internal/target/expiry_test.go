package target_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/pemtest"
)

// today is during the day, so that days and certificates do not end at the same time.
var today = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// certificate makes a certificate that expires at a time.
func certificate(t *testing.T, name string, end time.Time) string {
	t.Helper()
	made, _ := pemtest.Pair(t, name, end)
	return made
}

// certificateSystem is a test system whose accounts have a certificate and deprecated values.
func certificateSystem() *target.System {
	return &target.System{
		Name: "keyed", Title: "Keyed",
		Fields: []target.Field{
			{Name: "api", Allowed: []string{"new", "old"}, Deprecated: map[string]string{"old": `api "old" ends in October: use "new".`}},
			{Name: "certificate", Type: target.Certificates, Secret: true},
			{Name: "private_key", Type: target.PrivateKey, Secret: true},
			{Name: "ca_certificate", Type: target.Certificates},
		},
		Help: map[target.Code][]string{target.GivenCredentials: {"Renew it."}},
	}
}

func TestCredentialsExpireAt(t *testing.T) {
	t.Parallel()
	end := today.Add(48 * time.Hour)
	own, issuer := certificate(t, "own", end), certificate(t, "issuer", today)
	for name, test := range map[string]struct {
		system      *target.System
		credentials target.Credentials
		want        time.Time
	}{
		"own before issuer": {certificateSystem(), target.Credentials{"certificate": own + issuer}, end},
		"no certificate":    {certificateSystem(), target.Credentials{"private_key": "k"}, time.Time{}},
		"unreadable":        {certificateSystem(), target.Credentials{"certificate": "canary"}, time.Time{}},
		"no such field":     {crm(), target.Credentials{"certificate": own}, time.Time{}},
	} {
		if got := test.system.CredentialsExpireAt(test.credentials); !got.Equal(test.want) {
			t.Errorf("%s: got %s, want %s", name, got, test.want)
		}
	}
}

func TestWarnings(t *testing.T) {
	t.Parallel()
	const day = 24 * time.Hour
	in := today.Add
	own := func(text string) []string { return []string{"certificate: certificate " + text} }
	for name, test := range map[string]struct {
		settings target.Settings
		end      time.Time
		want     []string // field and the beginning of the message
	}{
		"nothing":          {},
		"current value":    {settings: target.Settings{"api": "new"}},
		"deprecated value": {settings: target.Settings{"api": "old"}, want: []string{`api: api "old" ends in October: use "new".`}},
		"own in 31 days":   {end: in(31 * day)},
		"own in 30 days":   {end: in(30 * day)},
		"own in just less": {end: in(30*day - time.Second), want: own("expires on 2026-03-31, in 29 days: ")},
		"own in a day":     {end: in(36 * time.Hour), want: own("expires on 2026-03-03, in one day: ")},
		"own in hours":     {end: in(time.Hour), want: own("expires on 2026-03-01, in less than a day: ")},
		"own now":          {end: in(0), want: own("expired on 2026-03-01: provide a new one")},
		"own elsewhere":    {end: in(time.Hour).In(time.FixedZone("", 14*3600)), want: own("expires on 2026-03-01")},
		"authorities": {
			settings: target.Settings{"ca_certificate": certificate(t, "good", in(40*day)) +
				certificate(t, "late", in(5*day)) + certificate(t, "gone", in(-day))},
			want: []string{
				`ca_certificate: ca_certificate contains the certificate of "CN=late", which expires on 2026-03-06, in 5 days: add`,
				`ca_certificate: ca_certificate contains the certificate of "CN=gone", which expired on 2026-02-28: add`,
			},
		},
		"all, as declared": {
			settings: target.Settings{"ca_certificate": certificate(t, "gone", in(-day)), "api": "old"}, end: in(day),
			want: []string{"api: ", "certificate: ", "ca_certificate: "},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := certificateSystem().Warnings(test.settings, test.end, today)
			if !slices.EqualFunc(got, test.want, func(w target.Warning, want string) bool {
				return strings.HasPrefix(w.Field+": "+w.Message, want)
			}) {
				t.Errorf("got %+v, want %q", got, test.want)
			}
		})
	}
}
