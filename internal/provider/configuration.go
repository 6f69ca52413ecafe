package provider

import (
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/duration"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
)

const maxRetriesLimit = 20

// configuration is the provider block as written.
type configuration struct {
	Endpoint       types.String   `tfsdk:"endpoint"`
	ClientID       types.String   `tfsdk:"client_id"`
	ClientSecret   types.String   `tfsdk:"client_secret"`
	Token          types.String   `tfsdk:"token"`
	TokenFile      types.String   `tfsdk:"token_file"`
	CACertificate  types.String   `tfsdk:"ca_certificate"`
	DataDir        types.String   `tfsdk:"data_dir"`
	DatabaseURL    types.String   `tfsdk:"database_url"`
	Keyset         types.String   `tfsdk:"keyset"`
	KeysetJSON     types.String   `tfsdk:"keyset_json"`
	InstanceID     types.String   `tfsdk:"instance_id"`
	RequestTimeout duration.Value `tfsdk:"request_timeout"`
	MaxRetries     types.Int64    `tfsdk:"max_retries"`
}

// attributes are all attributes by name.
func (c configuration) attributes() map[string]attr.Value {
	return map[string]attr.Value{
		"endpoint": c.Endpoint, "client_id": c.ClientID, "client_secret": c.ClientSecret, "token": c.Token,
		"token_file": c.TokenFile, "ca_certificate": c.CACertificate, "data_dir": c.DataDir,
		"database_url": c.DatabaseURL, "keyset": c.Keyset, "keyset_json": c.KeysetJSON, "instance_id": c.InstanceID,
		"request_timeout": c.RequestTimeout, "max_retries": c.MaxRetries,
	}
}

// value is one setting and its source.
type value struct {
	attribute string
	text      string
	fromEnv   bool
}

func (v value) isSet() bool { return v.text != "" }

// env is the environment variable of the setting.
func (v value) env() string { return variable(v.attribute) }

// source is the name of the setting with the source of its value.
func (v value) source() string {
	if v.fromEnv {
		return fmt.Sprintf("%s (from the environment variable %s)", v.attribute, v.env())
	}
	return fmt.Sprintf("%s (from the provider's configuration, not from %s)", v.attribute, v.env())
}

// missing names both places where a setting can be set.
func (v value) missing() string {
	return fmt.Sprintf("%s (or the environment variable %s)", v.attribute, v.env())
}

// settings are the merged configuration and environment of the provider.
type settings struct {
	endpoint, clientID, clientSecret, token, tokenFile, caCertificate value
	dataDir, databaseURL, keyset, keysetJSON, instanceID              value

	requestTimeout time.Duration
	maxRetries     int
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
		tokenFile:     configuredOrEnv("token_file", c.TokenFile),
		caCertificate: configuredOrEnv("ca_certificate", c.CACertificate),
		dataDir:       configuredOrEnv("data_dir", c.DataDir),
		databaseURL:   configuredOrEnv("database_url", c.DatabaseURL),
		keyset:        configuredOrEnv("keyset", c.Keyset),
		keysetJSON:    configuredOrEnv("keyset_json", c.KeysetJSON),
		instanceID:    configuredOrEnv("instance_id", c.InstanceID),
	}
	for _, path := range []*value{&s.tokenFile, &s.dataDir, &s.keyset} {
		*path = path.inHome(&diags)
	}
	s.requestTimeout = resolveTimeout(configuredOrEnv("request_timeout", c.RequestTimeout.StringValue), &diags)
	s.maxRetries = resolveRetries(c.MaxRetries, &diags)
	warnMisspelt(os.Environ(), c.attributes(), &diags)
	s.check(&diags)
	return s, diags
}

// configuredOrEnv returns the configured value, or else the one of the environment.
func configuredOrEnv(attribute string, configured types.String) value {
	v := value{attribute: attribute, text: configured.ValueString()}
	if configured.IsNull() {
		v.text, v.fromEnv = os.Getenv(v.env()), true
	}
	return v
}

// inHome replaces a leading ~ of a path by the home directory, as shells do: Terraform does not.
func (v value) inHome(diags *diag.Diagnostics) value {
	expanded, err := api.InHome(v.text)
	if err != nil {
		failf(diags, v, "%s begins with ~, but %s.", v.source(), err)
	}
	v.text = expanded
	return v
}

// checkUnknown rejects unknown values: an unknown endpoint treated as absent would create connections in a data directory.
func (c configuration) checkUnknown(diags *diag.Diagnostics) {
	for name, value := range c.attributes() {
		if !value.IsUnknown() {
			continue
		}
		diags.AddAttributeError(path.Root(name), tfdiag.TitleConfiguration, fmt.Sprintf(
			"The value of %s is not known yet: it depends on a resource that this plan creates. Solutions:\n"+
				"1. Set it with a variable, or with the environment variable %s.\n"+
				"2. Create the resource first: terraform apply -target=ADDRESS.\n"+
				"3. Move the resource to a configuration of its own.", name, variable(name)))
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
	v := value{attribute: "max_retries"}
	if configured.IsNull() {
		v = configuredOrEnv(v.attribute, types.StringNull())
	} else {
		v.text = strconv.FormatInt(configured.ValueInt64(), 10)
	}
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
