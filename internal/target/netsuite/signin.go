package netsuite

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"

	"github.com/dghubble/oauth1"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target/call"
)

// session is a token in use. One goroutine uses it at a time.
type session struct {
	call.Session

	rest   string // address of the REST web services
	tokens string // address of the token endpoint
	field  string // the field with these addresses
	role   string // empty if NetSuite does not report it
	// permissionErr is why the role may not read a record, although the token is valid; nil if it may.
	permissionErr error
}

// signIn reads a record and then the identity of the token. The record comes first: that call distinguishes rejected secrets from
// a role that may not read the identity, so rejected secrets are sent only once.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(ctx, a)
	if err != nil {
		return nil, err
	}
	err = s.checkSignIn(ctx)
	if err == nil {
		err = s.whoAmI(ctx, a.Setting(username))
	}
	return call.CloseOnError(ctx, s, s.withField(err))
}

// open makes a session; it sends nothing yet.
func open(ctx context.Context, a target.Account) (*session, error) {
	rest, tokens, field := endpoints(a)
	base, err := call.NewSession(a, classifier(field))
	if err != nil {
		return nil, err
	}
	u, err := url.Parse(rest)
	if err != nil {
		return nil, &target.Fault{Code: target.Misconfigured, Field: field, Message: target.Say("The address is invalid."), Cause: err}
	}
	s := &session{Session: base, rest: rest, tokens: tokens, field: field}
	signed := *s.Client
	signed.Transport = signing(ctx, a, s.Client)
	s.Client = &signed
	s.Self = target.Identity{OrganizationID: realm(a.Setting(accountID)), Host: u.Hostname()}
	return s, nil
}

// signing returns a transport that signs each request, and each retry again, since NetSuite accepts a nonce only once. NetSuite
// accepts letters and digits only in a nonce, and no digest but SHA-256.
func signing(ctx context.Context, a target.Account, client *http.Client) http.RoundTripper {
	secret := a.Credentials[consumerSecret]
	config := &oauth1.Config{
		ConsumerKey: a.Setting(consumerKey), ConsumerSecret: secret, Realm: realm(a.Setting(accountID)),
		Signer: &oauth1.HMAC256Signer{ConsumerSecret: secret}, Noncer: oauth1.HexNoncer{},
	}
	token := oauth1.NewToken(a.Setting(tokenID), a.Credentials[tokenSecret])
	return oauth1.NewClient(context.WithValue(ctx, oauth1.HTTPClient, client), config, token).Transport
}

// checkSignIn reads a record. If the role may not read it, that is noted, and the sign-in continues: the token is valid.
func (s *session) checkSignIn(ctx context.Context) error {
	err := s.readOne(ctx, "contact")
	systemErr, ok := errors.AsType[*call.SystemError](err)
	if fault, failed := target.AsFault(err); failed && ok && fault.Code == target.InsufficientPermission &&
		slices.Contains([]string{insufficientPermission, userError}, systemErr.Code) {
		s.permissionErr = err
		return nil
	}
	return err
}

// text is a JSON string or number: ids come as either.
type text string

// UnmarshalJSON reads both.
func (t *text) UnmarshalJSON(data []byte) error {
	var number json.Number // also a string with digits
	if err := json.Unmarshal(data, &number); err == nil {
		*t = text(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// tokenInfo is NetSuite's description of a token.
type tokenInfo struct {
	CompanyID   text   `json:"companyId"`
	CompanyName string `json:"companyName"`
	UserID      text   `json:"userId"`
	UserName    string `json:"userName"`
	RoleName    string `json:"roleName"`
}

// whoAmI reads the identity of the token. If the role may not read it, it stays unknown, unless a user is expected: then the
// sign-in fails, since the user cannot be verified.
func (s *session) whoAmI(ctx context.Context, expected string) error {
	var info tokenInfo
	err := s.get(ctx, s.tokens+"/rest/tokeninfo", &info)
	if fault, ok := target.AsFault(err); ok && slices.Contains(
		[]target.Code{target.GivenCredentials, target.InsufficientPermission}, fault.Code) {
		if expected == "" {
			return nil // the previous call has accepted the same token
		}
		return &target.Fault{
			Code: target.InsufficientPermission, Field: username, Cause: err,
			Message: target.Say("NetSuite does not allow this role to read the user of its token, so it could not be compared with "+
				"username. (%s)", fault.Message),
		}
	}
	if err != nil {
		return err
	}
	if info.CompanyID == "" {
		return s.Classifier.UnexpectedResponse("The response does not name the account of the token.")
	}
	s.Self.OrganizationID, s.Self.OrganizationName = string(info.CompanyID), info.CompanyName
	s.Self.UserID, s.Self.Username = string(info.UserID), cmp.Or(info.UserName, string(info.UserID))
	s.role = info.RoleName
	return nil
}

// withField sets the field with NetSuite's address, if the fault has none.
func (s *session) withField(err error) error {
	return target.WithField(err, s.field, target.SystemNotAvailable, target.Misconfigured)
}
