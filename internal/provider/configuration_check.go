package provider

import (
	"fmt"
	"os"

	"github.com/google/uuid"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/tfdiag"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// check checks the settings of the control plane that is selected: a shared one by an endpoint, else the embedded one, in a
// database or a data directory.
func (s settings) check(diags *diag.Diagnostics) {
	if s.instanceID.isSet() && uuid.Validate(s.instanceID.text) != nil {
		failf(diags, s.instanceID, "%s is %q, but it must be the instance id of a control plane, a UUID.", s.instanceID.source(),
			s.instanceID.text)
	}
	if s.endpoint.isSet() {
		s.checkShared(diags)
		return
	}
	s.checkEmbedded(diags)
}

// failf adds an error about a setting.
func failf(diags *diag.Diagnostics, v value, format string, args ...any) {
	diags.AddAttributeError(path.Root(v.attribute), tfdiag.TitleConfiguration, fmt.Sprintf(format, args...))
}

// checkShared checks the settings of a shared control plane.
func (s settings) checkShared(diags *diag.Diagnostics) {
	address := target.Field{Name: "endpoint", Type: target.URL}
	if err := address.Check(s.endpoint.text, target.Network{LoopbackHTTP: true}); err != nil {
		failf(diags, s.endpoint, "%s The value is from %s.", err, s.endpoint.source())
	}
	for _, v := range []value{s.dataDir, s.databaseURL, s.keyset, s.keysetJSON} {
		if v.isSet() {
			failf(diags, v, "%s is for the embedded control plane, but %s selects a shared one. Set only one of the two.",
				v.source(), s.endpoint.source())
		}
	}
	s.checkToken(diags)
	switch {
	case s.token.isSet(), s.tokenFile.isSet():
	case s.clientID.isSet() && !s.clientSecret.isSet() && api.FindIdentity(os.Getenv) != nil: // the identity of a pipeline
	case !s.clientID.isSet() && !s.clientSecret.isSet():
		failf(diags, s.endpoint, "%s requires credentials: %s with %s, or %s, or %s.", s.endpoint.source(),
			s.clientID.missing(), s.clientSecret.missing(), s.token.missing(), s.tokenFile.missing())
	case !s.clientID.isSet():
		failf(diags, s.clientID, "%s is set, but %s is missing.", s.clientSecret.source(), s.clientID.missing())
	case !s.clientSecret.isSet():
		failf(diags, s.clientSecret, "%s is set, but %s is missing, and this run has no identity of a pipeline: no %s, and none of "+
			"GitHub Actions or HCP Terraform.", s.clientID.source(), s.clientSecret.missing(), api.IDTokenVariable)
	}
}

// checkToken checks that at most one way to authenticate is set, and that a file of a token can be read.
func (s settings) checkToken(diags *diag.Diagnostics) {
	if s.token.isSet() && s.tokenFile.isSet() {
		failf(diags, s.tokenFile, "%s and %s cannot be set together: use one of them.", s.tokenFile.source(), s.token.source())
	}
	for _, pair := range [][2]value{
		{s.clientID, s.token}, {s.clientSecret, s.token}, {s.clientSecret, s.tokenFile}, // client_id and token_file: an identity
	} {
		if v, token := pair[0], pair[1]; v.isSet() && token.isSet() {
			failf(diags, v, "%s and %s cannot be set together: use a token, or client_id and client_secret.", v.source(), token.source())
		}
	}
}

// checkEmbedded checks the settings of the embedded control plane. Credentials without an endpoint are for a shared one.
func (s settings) checkEmbedded(diags *diag.Diagnostics) {
	for _, v := range []value{s.clientID, s.clientSecret, s.token, s.tokenFile, s.caCertificate} {
		if v.isSet() && (v != s.caCertificate || !s.databaseURL.isSet()) {
			failf(diags, v, "%s is for a shared control plane, but %s is missing. Set it, or remove %s to use the embedded one.",
				v.source(), s.endpoint.missing(), v.attribute)
		}
	}
	if s.keyset.isSet() && s.keysetJSON.isSet() {
		failf(diags, s.keysetJSON, "%s and %s cannot be set together: use one of them.", s.keysetJSON.source(), s.keyset.source())
	}
	if s.databaseURL.isSet() {
		s.checkDatabase(diags)
		return
	}
	if !s.dataDir.isSet() {
		return
	}
	if info, err := os.Stat(s.dataDir.text); err == nil && !info.IsDir() {
		failf(diags, s.dataDir, "%s is %q, which is not a directory.", s.dataDir.source(), s.dataDir.text)
	}
}

// checkDatabase checks the settings of an embedded control plane in a database. Its keyset is never made by itself: each machine
// would make another one.
func (s settings) checkDatabase(diags *diag.Diagnostics) {
	if s.dataDir.isSet() {
		failf(diags, s.dataDir, "%s and %s cannot be set together: the control plane is in a database or in a data directory. Set "+
			"only one of the two.", s.dataDir.source(), s.databaseURL.source())
	}
	if !s.keyset.isSet() && !s.keysetJSON.isSet() {
		failf(diags, s.databaseURL, "%s requires the keyset that seals the credentials in the database: set %s to its file, or %s to "+
			"its content. All machines use the same one. For a new database, make it with:\n\n  "+
			"terraform-provider-riva keys create FILE", s.databaseURL.source(), s.keyset.missing(), s.keysetJSON.missing())
	}
}
