package access

import (
	"context"
	"fmt"
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/engine"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/model"
)

const (
	// maxTrusts is how many rules a client can have.
	maxTrusts = 50
	// maxClaims is how many further claims a rule can require, and maxClaimLength the length of each, in bytes.
	maxClaims      = 20
	maxClaimLength = 1000
)

// AddTrust adds a rule to a client.
func (s *Service) AddTrust(ctx context.Context, id string, n model.NewTrust) (model.Trust, error) {
	return change(ctx, s, actionTrust, id, func(tx model.Tx, now time.Time) (model.Trust, error) {
		c, err := readClient(ctx, tx, id)
		if err != nil {
			return model.Trust{}, err
		}
		if n.Audience == "" {
			n.Audience = s.issuer
		}
		ruleID, err := newID()
		if err != nil {
			return model.Trust{}, err
		}
		rule := model.Trust{
			ID: ruleID, ClientID: id, Issuer: n.Issuer, Audience: n.Audience, Subject: n.Subject, Claims: n.Claims, Scopes: n.Scopes,
			CreatedAt: now,
		}
		if err := s.checkTrust(&c, &rule); err != nil {
			return rule, err
		}
		if err := tx.InsertTrust(ctx, rule); err != nil {
			return rule, fmt.Errorf("store the trusted issuer: %w", err)
		}
		detail := c.Name + ": issuer " + rule.Issuer + ", subject " + rule.Subject + ", scopes " + strings.Join(rule.Scopes, " ")
		return rule, engine.RecordAudit(ctx, tx, now, actionTrust, id, api.OutcomeDone, detail)
	}, model.ClientKey(id))
}

// RemoveTrust removes a rule of a client. Tokens that were issued by it end by themselves, within 15 minutes.
func (s *Service) RemoveTrust(ctx context.Context, id, trustID string) error {
	_, err := change(ctx, s, actionDistrust, id, func(tx model.Tx, now time.Time) (struct{}, error) {
		c, err := readClient(ctx, tx, id)
		if err != nil {
			return struct{}{}, err
		}
		if err := tx.DeleteTrust(ctx, id, trustID); err != nil {
			return struct{}{}, fmt.Errorf("trusted issuer %s: %w", trustID, err)
		}
		return struct{}{}, engine.RecordAudit(ctx, tx, now, actionDistrust, id, api.OutcomeDone, c.Name+": "+trustID)
	}, model.ClientKey(id))
	return err
}

// checkTrust returns a *[model.InvalidError] for a rule that would trust too much, or nothing.
func (s *Service) checkTrust(c *model.Client, rule *model.Trust) error {
	var fields []model.InvalidField
	add := func(path, message string) {
		if message != "" {
			fields = append(fields, model.InvalidField{Path: path, Message: message})
		}
	}
	if len(c.Trusts) >= maxTrusts {
		add("issuer", fmt.Sprintf("The client has %d trusted issuers already: remove one first, or create another client.", maxTrusts))
	}
	add("issuer", s.issuerProblem(rule.Issuer))
	switch {
	case rule.Audience == "":
		add("audience", "audience is required: enter the address of the shared control plane, such as https://riva.example.com.")
	case !isClaim(rule.Audience):
		add("audience", "audience must be one line of at most 1000 bytes.")
	}
	add("subject", subjectProblem(rule.Subject))
	add("claims", claimsProblem(rule))
	add("scopes", trustScopesProblem(c, rule))
	if len(fields) > 0 {
		return &model.InvalidError{Fields: fields}
	}
	return nil
}

func (s *Service) issuerProblem(issuer string) string {
	u, err := url.Parse(issuer)
	if err != nil || u.Host == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || !isClaim(issuer) {
		return "issuer must be the address of the issuer as its tokens have it in iss, such as https://issuer.example.com."
	}
	if err := s.issuers.network.Allows(u); err != nil {
		return "issuer " + err.Error() + "."
	}
	return ""
}

// isClaim reports whether a rule can require the text.
func isClaim(text string) bool {
	control := func(r rune) bool { return r < ' ' || r == 0x7f }
	return text != "" && len(text) <= maxClaimLength && isStorable(text) && !strings.ContainsFunc(text, control)
}

// wildcard is what * stands for: text in one part of a subject, on one line.
const wildcard = `[^/:\x00-\x1f\x7f]+`

func subjectProblem(subject string) string {
	switch {
	case subject == "":
		return "subject is required: enter the whole subject of the tokens, in which * stands for text without / and :."
	case !isClaim(subject):
		return "subject must be one line of at most 1000 bytes."
	case strings.Trim(subject, "*/:") == "":
		return "subject must not consist of wildcards only."
	}
	return ""
}

// matchSubject reports whether a pattern matches a whole subject.
func matchSubject(pattern, subject string) bool {
	parts := strings.Split(pattern, "*")
	for i := range parts {
		parts[i] = regexp.QuoteMeta(parts[i])
	}
	expression, err := regexp.Compile(`\A` + strings.Join(parts, wildcard) + `\z`)
	return err == nil && expression.MatchString(subject)
}

// Subjects of two services have names that can be registered again by others once they are free, so a rule must also require
// an id that is never used again. Documented at
// https://docs.github.com/en/actions/reference/security/oidc and https://docs.gitlab.com/ci/secrets/id_token_authentication/.
var lastingClaims = []struct {
	service, host string
	// subject is the first part of the subjects, also of other issuers with the same software.
	subject string
	// claims are those of which one is required.
	claims []string
}{
	{
		service: "GitHub", host: "token.actions.githubusercontent.com", subject: "repo",
		claims: []string{"repository_id", "repository_owner_id"},
	},
	{service: "GitLab", host: "gitlab.com", subject: "project_path", claims: []string{"project_id", "namespace_id"}},
}

func claimsProblem(rule *model.Trust) string {
	if len(rule.Claims) > maxClaims {
		return fmt.Sprintf("claims must not have more than %d claims.", maxClaims)
	}
	for _, name := range slices.Sorted(maps.Keys(rule.Claims)) {
		if !isClaim(name) || !isClaim(rule.Claims[name]) {
			return "claims must have names and values, each one line of at most 1000 bytes."
		}
	}
	u, err := url.Parse(rule.Issuer)
	if err != nil || subjectProblem(rule.Subject) != "" {
		return "" // reported for the issuer, or for the subject
	}
	for _, s := range lastingClaims {
		first, _, _ := strings.Cut(rule.Subject, ":")
		if !strings.EqualFold(u.Hostname(), s.host) && !matchSubject(first, s.subject) {
			continue
		}
		if !slices.ContainsFunc(s.claims, func(name string) bool { return rule.Claims[name] != "" }) {
			return "claims must have " + strings.Join(s.claims, " or ") + " for " + s.service +
				", since the names in a subject can be registered again by others."
		}
	}
	return ""
}

func trustScopesProblem(c *model.Client, rule *model.Trust) string {
	if message := scopesProblem(rule.Scopes); message != "" {
		return message
	}
	for _, scope := range rule.Scopes {
		if !grants(c.Scopes, scope) {
			return "scopes must be among those of the client: " + strings.Join(c.Scopes, ", ") + "."
		}
	}
	if mayBePullRequest(rule.Subject) && changes(rule.Scopes) {
		return "scopes must not have compare, write or admin for a subject that pull requests can have, since they run " +
			"unreviewed code: use read or test, or another subject."
	}
	return ""
}

// pullRequest is the part of a subject of tokens that a pull request gets.
const pullRequest = "pull_request"

// mayBePullRequest reports whether a pattern can match a subject of pull requests.
func mayBePullRequest(pattern string) bool {
	return slices.ContainsFunc(strings.Split(pattern, ":"), func(part string) bool { return matchSubject(part, pullRequest) })
}

// changes reports whether scopes allow more than reading and testing.
func changes(scopes []string) bool {
	return slices.ContainsFunc([]api.Scope{api.ScopeCompare, api.ScopeWrite, api.ScopeAdmin}, func(scope api.Scope) bool {
		return slices.Contains(scopes, string(scope))
	})
}

// ofPullRequest reports whether a token is one of a pull request, whatever its subject is made of.
func ofPullRequest(token *outsideToken) bool {
	if slices.Contains(strings.Split(token.Subject, ":"), pullRequest) {
		return true
	}
	event, _ := token.text("event_name")
	source, _ := token.text("pipeline_source")
	return strings.HasPrefix(event, pullRequest) || strings.HasSuffix(source, "merge_request_event") ||
		strings.HasSuffix(source, "pull_request_event")
}

// matches reports whether a token is one of those that a rule trusts. The token must be for this audience alone: one for several
// could be sent here by another of them.
func matches(rule *model.Trust, token *outsideToken) bool {
	if token.Issuer != rule.Issuer || len(token.Audience) != 1 || token.Audience[0] != rule.Audience ||
		!matchSubject(rule.Subject, token.Subject) || ofPullRequest(token) && changes(rule.Scopes) {
		return false
	}
	for name, want := range rule.Claims {
		if value, ok := token.text(name); !ok || value != want {
			return false
		}
	}
	return true
}
