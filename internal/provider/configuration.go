package provider

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

const maxRetriesLimit = 20

// configuration is the provider block as written.
type configuration struct {
	Endpoint       types.String   `tfsdk:"endpoint"`
	ClientID       types.String   `tfsdk:"client_id"`
	ClientSecret   types.String   `tfsdk:"client_secret"`
	Token          types.String   `tfsdk:"token"`
	CACertificate  types.String   `tfsdk:"ca_certificate"`
	DataDir        types.String   `tfsdk:"data_dir"`
	Keyset         types.String   `tfsdk:"keyset"`
	RequestTimeout duration.Value `tfsdk:"request_timeout"`
	MaxRetries     types.Int64    `tfsdk:"max_retries"`
}

// value is one setting and its source.
type value struct {
	attribute, env string
	text           string
	fromEnv        bool
}

func (v value) isSet() bool { return v.text != "" }

// source is the name of the setting with the source of its value.
func (v value) source() string {
	if v.fromEnv {
		return fmt.Sprintf("%s (from the environment variable %s)", v.attribute, v.env)
	}
	return fmt.Sprintf("%s (from the provider's configuration)", v.attribute)
}

// missing names both places where a setting can be set.
func (v value) missing() string {
	return fmt.Sprintf("%s (or the environment variable %s)", v.attribute, v.env)
}

// settings are the merged configuration and environment of the provider.
type settings struct {
	endpoint, clientID, clientSecret, token, caCertificate value
	dataDir, keyset                                        value
	requestTimeout                                         time.Duration
	maxRetries                                             int
}

// resolve merges configuration and environment and checks the result.
func (c configuration) resolve() (settings, diag.Diagnostics) {
	var diags diag.Diagnostics
	c.checkUnknown(&diags)
	if diags.HasError() {
		return settings{}, diags
	}
	s := settings{
		endpoint:      configuredOrEnv("endpoint", c.Endpoint),
		clientID:      configuredOrEnv("client_id", c.ClientID),
		clientSecret:  configuredOrEnv("client_secret", c.ClientSecret),
		token:         configuredOrEnv("token", c.Token),
		caCertificate: configuredOrEnv("ca_certificate", c.CACertificate),
		dataDir:       configuredOrEnv("data_dir", c.DataDir),
		keyset:        configuredOrEnv("keyset", c.Keyset),
	}
	s.requestTimeout = resolveTimeout(configuredOrEnv("request_timeout", c.RequestTimeout.StringValue), &diags)
	s.maxRetries = resolveRetries(c.MaxRetries, &diags)
	if s.endpoint.isSet() {
		s.checkShared(&diags)
	} else {
		s.checkEmbedded(&diags)
	}
	return s, diags
}

// configuredOrEnv returns the configured value, or else the one of the environment.
func configuredOrEnv(attribute string, configured types.String) value {
	v := value{attribute: attribute, env: "RIVA_" + strings.ToUpper(attribute), text: configured.ValueString()}
	if configured.IsNull() {
		v.text, v.fromEnv = os.Getenv(v.env), true
	}
	return v
}

// checkUnknown rejects unknown values: an unknown endpoint treated as absent would create connections in a data directory.
func (c configuration) checkUnknown(diags *diag.Diagnostics) {
	for _, a := range []struct {
		name  string
		value attr.Value
	}{
		{"endpoint", c.Endpoint}, {"client_id", c.ClientID}, {"client_secret", c.ClientSecret}, {"token", c.Token},
		{"ca_certificate", c.CACertificate}, {"data_dir", c.DataDir}, {"keyset", c.Keyset},
		{"request_timeout", c.RequestTimeout}, {"max_retries", c.MaxRetries},
	} {
		if !a.value.IsUnknown() {
			continue
		}
		diags.AddAttributeError(path.Root(a.name), tfdiag.TitleConfiguration, fmt.Sprintf(
			"The value of %s is not known yet: it depends on a resource that this plan creates. Solutions:\n"+
				"1. Set it with a variable, or with the environment variable RIVA_%s.\n"+
				"2. Create the resource first: terraform apply -target=ADDRESS.\n"+
				"3. Move the resource to a configuration of its own.", a.name, strings.ToUpper(a.name)))
	}
}

func resolveTimeout(v value, diags *diag.Diagnostics) time.Duration {
	if !v.isSet() {
		return api.DefaultRequestTimeout
	}
	timeout, err := time.ParseDuration(v.text)
	if err != nil || timeout <= 0 {
		diags.AddAttributeError(path.Root(v.attribute), tfdiag.TitleConfiguration,
			fmt.Sprintf("%s is %q, but it must be a duration above zero, such as \"90s\".", v.source(), v.text))
	}
	return timeout
}

func resolveRetries(configured types.Int64, diags *diag.Diagnostics) int {
	if !configured.IsNull() {
		return int(configured.ValueInt64()) // the schema's validator keeps it small
	}
	v := configuredOrEnv("max_retries", types.StringNull())
	if !v.isSet() {
		return api.DefaultMaxRetries
	}
	retries, err := strconv.Atoi(v.text)
	if err != nil || retries < 0 || retries > maxRetriesLimit {
		diags.AddAttributeError(path.Root(v.attribute), tfdiag.TitleConfiguration,
			fmt.Sprintf("%s is %q, but it must be a number from 0 to %d.", v.source(), v.text, maxRetriesLimit))
	}
	return retries
}

// checkShared checks the settings of a shared control plane.
func (s settings) checkShared(diags *diag.Diagnostics) {
	fail := func(v value, format string, args ...any) {
		diags.AddAttributeError(path.Root(v.attribute), tfdiag.TitleConfiguration, fmt.Sprintf(format, args...))
	}
	address := target.Field{Name: "endpoint", Type: target.URL}
	if err := address.Check(s.endpoint.text, target.Network{LoopbackHTTP: true}); err != nil {
		fail(s.endpoint, "%s The value is from %s.", err, s.endpoint.source())
	}
	for _, v := range []value{s.dataDir, s.keyset} {
		if v.isSet() {
			fail(v, "%s is for the embedded control plane, but %s selects a shared one. Set only one of the two.",
				v.source(), s.endpoint.source())
		}
	}
	for _, v := range []value{s.clientID, s.clientSecret} {
		if s.token.isSet() && v.isSet() {
			fail(v, "%s and %s cannot be set together: use a token, or client_id and client_secret.",
				v.source(), s.token.source())
		}
	}
	switch {
	case s.token.isSet():
	case !s.clientID.isSet() && !s.clientSecret.isSet():
		fail(s.endpoint, "%s requires credentials: %s with %s, or %s.", s.endpoint.source(),
			s.clientID.missing(), s.clientSecret.missing(), s.token.missing())
	case !s.clientID.isSet():
		fail(s.clientID, "%s is set, but %s is missing.", s.clientSecret.source(), s.clientID.missing())
	case !s.clientSecret.isSet():
		fail(s.clientSecret, "%s is set, but %s is missing.", s.clientID.source(), s.clientSecret.missing())
	}
}

// checkEmbedded rejects credentials without an endpoint: they are for a shared control plane.
func (s settings) checkEmbedded(diags *diag.Diagnostics) {
	for _, v := range []value{s.clientID, s.clientSecret, s.token, s.caCertificate} {
		if v.isSet() {
			diags.AddAttributeError(path.Root(v.attribute), tfdiag.TitleConfiguration, fmt.Sprintf(
				"%s is for a shared control plane, but %s is missing. Set it, or remove %s to use the embedded one.",
				v.source(), s.endpoint.missing(), v.attribute))
		}
	}
	if !s.dataDir.isSet() {
		return
	}
	if info, err := os.Stat(s.dataDir.text); err == nil && !info.IsDir() {
		diags.AddAttributeError(path.Root("data_dir"), tfdiag.TitleConfiguration,
			fmt.Sprintf("%s is %q, which is not a directory.", s.dataDir.source(), s.dataDir.text))
	}
}
