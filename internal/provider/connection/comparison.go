package connection

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/json"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/controlplane"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/provider/tf/entity"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// digestKey is the key of keptDigest in the private state of a resource.
const digestKey = "credentials"

// keptDigest is what a resource keeps of the credentials that it submitted last: a digest with the comparison key of their set.
// The control plane has the key, and the state never does: without it, the digest is of no use to test a guess.
type keptDigest struct {
	Set    string `json:"set"`
	Digest []byte `json:"digest"`
}

// digestOf returns the digest of credentials for a connection to a system, by HMAC-SHA256. It does not depend on the order of the
// secrets, nor on spellings that the control plane treats as the same.
func digestOf(key api.ComparisonKey, connectionID string, system *target.System, credentials target.Credentials) []byte {
	parts := append([]string{connectionID, system.Name}, system.CanonicalCredentials(credentials)...)
	digest := hmac.New(sha256.New, key)
	digest.Write(target.LengthPrefixed("riva-compare-1", parts...))
	return digest.Sum(nil)
}

// readDigest reads the digest from the private state. It is empty if the state is older, and for imported connections.
func readDigest(ctx context.Context, private controlplane.PrivateReader, diags *diag.Diagnostics) (kept keptDigest) {
	raw, d := private.GetKey(ctx, digestKey)
	diags.Append(d...)
	if json.Unmarshal(raw, &kept) != nil { // nothing that this version has written: the control plane compares
		return keptDigest{}
	}
	return kept
}

// keep keeps the digest of the credentials that are stored now, if these are the configured ones: they were sent, or found to be
// equal. In the latter case they still are, because the update was only for the revision that was read. With
// credentials_wo_version, nothing is compared and nothing is kept.
func (r *connectionResource) keep(
	ctx context.Context, w *entity.Write[model], stored *api.Connection, diags *diag.Diagnostics,
) {
	c := w.Plan.change
	sent := c == nil || c.sendCredentials == decisionYes // a create sends
	forget := !w.Plan.CredentialsVersion.IsNull()
	var raw []byte // forgets
	switch {
	case forget:
	case stored == nil, !sent && (!c.equal || w.Revision == 0):
		return
	case stored.CredentialsSet != nil && len(stored.ComparisonKey) == api.ComparisonKeySize:
		system := r.configuredSystem(*w.Plan)
		credentials, _ := w.Config.secrets(system)
		kept := keptDigest{*stored.CredentialsSet, digestOf(stored.ComparisonKey, stored.ID, system, credentials)}
		raw, _ = json.Marshal(kept) // a text and bytes
	}
	diags.Append(w.Private.SetKey(ctx, digestKey, raw)...)
}

// compareHere compares credentials with the digest that the resource keeps. The result is empty if only the control plane can
// compare them: other credentials were submitted since, by whomever, or none by this resource. The key is that of the read
// before the plan, which the client remembers; without a refresh, and at apply, it is read.
func (r *connectionResource) compareHere(ctx context.Context, c *change, id string, kept keptDigest) (result string, err error) {
	last, err := r.Access.Client.ComparableConnection(ctx, id)
	switch {
	case api.IsNotFound(err):
		return "", nil
	case err != nil, last.CredentialsSet == nil:
		return "", err
	case last.Status == api.StatusBlank && !isPending(&last):
		return api.Unequal, nil
	case len(last.ComparisonKey) != api.ComparisonKeySize, *last.CredentialsSet != kept.Set:
		return "", nil
	case hmac.Equal(kept.Digest, digestOf(last.ComparisonKey, id, c.system, c.credentials)):
		return api.Equal, nil
	}
	return api.Unequal, nil
}
