package server

import (
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
)

// connectionOf converts a connection to its wire type, which has nothing about its secrets.
func connectionOf(d *model.ConnectionDetail) api.Connection {
	c := api.Connection{
		ID: d.ID, Name: d.Name, System: d.System, Kind: string(d.Kind), Settings: map[string]string(d.Settings),
		Status: string(d.Status()), Revision: d.Revision, CreatedAt: d.CreatedAt, LastModifiedAt: d.LastModifiedAt,
		CredentialsUpdatedAt: d.CredentialsUpdatedAt, CredentialsExpireAt: d.CredentialsExpireAt,
		MetadataRefreshedAt: d.MetadataRefreshedAt, Warnings: orEmptyList(d.Warnings),
		Fault: faultOf(d.Fault, false), Identity: identityOf(d.Identity),
		Policies: policyReferencesOf(d.Policies), Uses: usesOf(d.Uses),
	}
	if c.Settings == nil {
		c.Settings = map[string]string{}
	}
	if d.LastTest != nil {
		last := testOf(d.LastTest)
		c.LastTest = &last
	}
	if a := d.Authorization; a != nil {
		c.AuthorizationID, c.AuthorizationExpiresAt = a.ID, &a.ExpiresAt
	}
	c.Deletable, c.NotDeletableReason = engine.Deletable(d)
	return c
}

func policyReferencesOf(references []model.PolicyReference) []api.PolicyReference {
	out := make([]api.PolicyReference, len(references))
	for i, r := range references {
		out[i] = api.PolicyReference{ID: r.ID, Name: r.Name, Enabled: r.Enabled}
	}
	return out
}

func usesOf(uses []model.Use) []api.Use {
	out := make([]api.Use, len(uses))
	for i, u := range uses {
		out[i] = api.Use{PolicyID: u.PolicyID, PolicyName: u.PolicyName, FirstAt: u.FirstAt, LastAt: u.LastAt}
	}
	return out
}

func identityOf(i *target.Identity) *api.Identity {
	if i == nil {
		return nil
	}
	return &api.Identity{
		Username: i.Username, UserID: i.UserID, OrganizationID: i.OrganizationID,
		OrganizationName: i.OrganizationName, Host: i.Host,
	}
}

// faultOf converts a fault to its wire type and adds what follows from its code. It rounds the wait up to whole seconds.
func faultOf(f *model.Fault, remembered bool) *api.Fault {
	if f == nil {
		return nil
	}
	out := &api.Fault{
		Code: string(f.Code), Title: f.Code.Title(), Message: f.Message, Help: orEmptyList(f.Help), Field: f.Field,
		Retryable: f.Code.Retryable(), Certain: f.Certain, Remembered: remembered,
		RetryAfterSeconds: int64((f.RetryAfter + time.Second - 1) / time.Second),
	}
	return out
}

func testOf(r *model.TestResult) api.TestResult {
	out := api.TestResult{
		ID: r.ID, ConnectionID: r.ConnectionID, Account: string(r.Account), UserEmail: r.UserEmail, Test: string(r.Test),
		Passed: r.Passed, Summary: r.Summary, Fault: faultOf(r.Fault, r.Remembered), Identity: identityOf(r.Identity),
		Checks: make([]api.Check, len(r.Checks)), TestedAt: r.TestedAt, Remembered: r.Remembered,
		Warnings: orEmptyList(r.Warnings),
	}
	for i, c := range r.Checks {
		out.Checks[i] = api.Check{Name: c.Name, Passed: c.Passed, Message: c.Message, DurationMS: c.Duration.Milliseconds()}
	}
	return out
}

func policyOf(p *model.Policy) api.Policy {
	out := api.Policy{
		ID: p.ID, Name: p.Name, CRMConnectionID: orNil(p.CRMConnectionID), EmailConnectionID: orNil(p.EmailConnectionID),
		Enabled: p.Enabled, IntervalSeconds: int64(p.Interval / time.Second), Revision: p.Revision,
		CreatedAt: p.CreatedAt, LastModifiedAt: p.LastModifiedAt,
	}
	if p.LastCycle != nil {
		last := cycleOf(p.LastCycle)
		out.LastCycle = &last
	}
	return out
}

func cycleOf(c *model.Cycle) api.Cycle {
	return api.Cycle{
		ID: c.ID, PolicyID: c.PolicyID, State: string(c.State), StartedAt: c.StartedAt, FinishedAt: c.FinishedAt,
		UsersTotal: c.UsersTotal, UsersDone: c.UsersDone, UsersFaulty: c.UsersFaulty, Fault: faultOf(c.Fault, false),
	}
}

func syncLogOf(l *model.SyncLog) api.SyncLog {
	return api.SyncLog{
		ID: l.ID, CycleID: l.CycleID, PolicyID: l.PolicyID, PolicyName: l.PolicyName, UserID: l.UserID, UserEmail: l.UserEmail,
		ConnectionID: l.ConnectionID, ConnectionName: l.ConnectionName, At: l.At, Passed: l.Passed, Message: l.Message,
		Fault: faultOf(l.Fault, false),
	}
}

func userOf(u *model.User) api.User {
	return api.User{
		ID: u.ID, Email: u.Email, DisplayName: u.DisplayName, Enabled: u.Enabled, SyncPolicyID: orNil(u.SyncPolicyID),
		Revision: u.Revision, CreatedAt: u.CreatedAt, LastModifiedAt: u.LastModifiedAt,
	}
}

func userReferencesOf(users []model.User) []api.UserReference {
	out := make([]api.UserReference, len(users))
	for i := range users {
		out[i] = api.UserReference{ID: users[i].ID, Email: users[i].Email}
	}
	return out
}

func targetSystemOf(s *target.System) api.TargetSystem {
	out := api.TargetSystem{
		Name: s.Name, Title: s.Title, Kind: string(s.Kind), Tests: make([]string, len(s.Tests)), Revalidates: s.Revalidates,
		Fields: make([]api.TargetField, len(s.Fields)), Grants: make([]api.TargetGrant, len(s.Grants)),
	}
	if s.Authorize != nil {
		out.Authorize = &api.TargetAuthorize{
			Secret: s.Authorize.Secret, RedirectHost: s.Authorize.Redirect.Host, RedirectPorts: s.Authorize.Redirect.Ports,
		}
	}
	for i, t := range s.Tests {
		out.Tests[i] = string(t)
	}
	for i, f := range s.Fields {
		out.Fields[i] = api.TargetField{
			Name: f.Name, Required: f.Required, Secret: f.Secret, Binds: f.Binds, BindsIfWeaker: f.Weakens != nil,
			Default: f.Default, Allowed: f.Allowed, Deprecated: f.Deprecated, Help: f.Help,
		}
	}
	for i, g := range s.Grants {
		out.Grants[i] = api.TargetGrant{Name: g.Name, Secrets: g.Secrets, Optional: g.Optional, Settings: g.Settings}
	}
	return out
}

// orEmptyList returns an empty list for nil: on the wire, lists are never null.
func orEmptyList(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// orNil returns nil for an empty text.
func orNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}
