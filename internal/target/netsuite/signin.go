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
	http       *http.Client
	idle       func() // gives up connections
	rest       string // address of the REST web services
	tokens     string // address of the token's explanation
	field      string // that says so
	classifier call.Classifier
	identity   target.Identity
	role       string // empty if it is not told
	// permissionErr is why the role may not read a record, although the token is good; nil if it may.
	permissionErr error
}

// signIn reads a record and asks whose token it is. The record comes first: that call tells refused secrets from a role
// that may not ask, so refused ones are tried once only.
func signIn(ctx context.Context, a target.Account) (target.Session, error) {
	s, err := open(ctx, a)
	if err != nil {
		return nil, err
	}
	if err := s.checkSignIn(ctx); err != nil {
		s.idle()
		return nil, s.withField(err)
	}
	if err := s.whoAmI(ctx, a.Setting(username)); err != nil {
		s.idle()
		return nil, s.withField(err)
	}
	return s, nil
}

// open makes a session; nothing is sent yet.
func open(ctx context.Context, a target.Account) (*session, error) {
	client, err := call.Client(a)
	if err != nil {
		return nil, err
	}
	signed := *client // gives up no connections by itself: the signing transport has none
	signed.Transport = signing(ctx, a, client)
	s := &session{http: &signed, idle: client.CloseIdleConnections}
	s.rest, s.tokens, s.field = endpoints(a)
	s.classifier = classifier(s.field)
	at, err := url.Parse(s.rest)
	if err != nil {
		return nil, &target.Fault{Code: target.Misconfigured, Field: s.field, Message: "It is no address.", Cause: err}
	}
	s.identity = target.Identity{OrganizationID: realm(a.Setting(accountID)), Host: at.Hostname()}
	return s, nil
}

// signing signs each request on its way to the client's own transport, each attempt anew: NetSuite takes a nonce once. It
// takes letters and digits only, and no digest but SHA-256.
func signing(ctx context.Context, a target.Account, client *http.Client) http.RoundTripper {
	secret := a.Credentials[consumerSecret]
	config := &oauth1.Config{
		ConsumerKey: a.Setting(consumerKey), ConsumerSecret: secret, Realm: realm(a.Setting(accountID)),
		Signer: &oauth1.HMAC256Signer{ConsumerSecret: secret}, Noncer: oauth1.HexNoncer{},
	}
	token := oauth1.NewToken(a.Setting(tokenID), a.Credentials[tokenSecret])
	return oauth1.NewClient(context.WithValue(ctx, oauth1.HTTPClient, client), config, token).Transport
}

// checkSignIn reads a record. A role that may not do so is noted: the token is good nevertheless.
func (s *session) checkSignIn(ctx context.Context) error {
	err := s.readOne(ctx, "contact")
	systemErr, reported := errors.AsType[*call.SystemError](err)
	if fault, ok := target.AsFault(err); ok && reported && fault.Code == target.InsufficientPermission &&
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
	var number json.Number // a string with digits, too
	if err := json.Unmarshal(data, &number); err == nil {
		*t = text(number)
		return nil
	}
	return json.Unmarshal(data, (*string)(t))
}

// tokenInfo is what NetSuite says of a token.
type tokenInfo struct {
	CompanyID   text   `json:"companyId"`
	CompanyName string `json:"companyName"`
	UserID      text   `json:"userId"`
	UserName    string `json:"userName"`
	RoleName    string `json:"roleName"`
}

// whoAmI asks whose token it is. A role that may not ask leaves that unknown, unless somebody is expected: then it is not
// enough that nothing speaks against it.
func (s *session) whoAmI(ctx context.Context, expected string) error {
	var info tokenInfo
	err := s.get(ctx, s.tokens+"/rest/tokeninfo", &info)
	if fault, ok := target.AsFault(err); ok && slices.Contains(
		[]target.Code{target.GivenCredentials, target.InsufficientPermission}, fault.Code) {
		if expected == "" {
			return nil // the same token was good a moment ago
		}
		return &target.Fault{
			Code: target.InsufficientPermission, Field: username, Cause: err,
			Message: "NetSuite does not tell this role whose token it is, so that could not be compared with username. (" +
				fault.Message + ")",
		}
	}
	if err != nil {
		return err
	}
	if info.CompanyID == "" {
		return s.classifier.UnexpectedResponse("The answer does not tell whose token it is.")
	}
	s.identity.OrganizationID, s.identity.OrganizationName = string(info.CompanyID), info.CompanyName
	s.identity.UserID, s.identity.Username = string(info.UserID), cmp.Or(info.UserName, string(info.UserID))
	s.role = info.RoleName
	return nil
}

// withField names the field that says where NetSuite is, unless a better one is known.
func (s *session) withField(err error) error {
	return target.WithField(err, s.field, target.SystemNotAvailable, target.Misconfigured)
}

// Identity tells who signed in.
func (s *session) Identity() target.Identity { return s.identity }

// Close gives up the connections; there is nothing to sign out of.
func (s *session) Close() error {
	s.idle()
	return nil
}
