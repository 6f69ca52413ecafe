package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// standIns are the running stand-ins for the target systems.
type standIns struct {
	exchange   *exchange.Server
	salesforce *salesforce.Server
	control    *sandbox.Control
}

// savedStandIns is what the folder keeps of the stand-ins, so that they can be started again as they were. The zero value starts
// new ones on free ports.
type savedStandIns struct {
	Exchange, Salesforce, MyDomain, Control string // addresses
	// Password is the password of the service account in Exchange.
	Password string
	// App is the app in Salesforce, which does not write its secrets.
	App                              *salesforce.App
	Secret, PrivateKey, RefreshToken string
}

// startStandIns starts the stand-ins. The caller closes them.
func startStandIns(saved savedStandIns) (s *standIns, err error) {
	s = &standIns{}
	defer func() {
		if err != nil {
			s, err = nil, errors.Join(fmt.Errorf("start the stand-ins: %w", err), s.close())
		}
	}()
	accounts := ews.Seed()
	accounts[0].Password = saved.Password // empty: a random one
	seed, err := salesforce.NewSeed()
	if err != nil {
		return s, err
	}
	if saved.App != nil {
		seed.App, seed.RefreshToken = *saved.App, saved.RefreshToken
		seed.App.Secret, seed.App.PrivateKey = saved.Secret, saved.PrivateKey
	}
	s.exchange, err = exchange.Start(exchange.Options{Options: sandbox.Options{Address: saved.Exchange}, Accounts: accounts})
	if err != nil {
		return s, err
	}
	options := sandbox.Options{Address: saved.Salesforce}
	if saved.MyDomain != "" {
		options.Sites = map[string]string{salesforce.MyDomain: saved.MyDomain}
	}
	s.salesforce, err = salesforce.Start(salesforce.Options{Options: options, Seed: &seed})
	if err != nil {
		return s, err
	}
	control := saved.Control
	if control == "" {
		control = "127.0.0.1:0"
	}
	s.control, err = sandbox.StartControl(control, s.exchange, s.salesforce)
	return s, err
}

// close stops the stand-ins that were started.
func (s *standIns) close() error {
	var failed []error
	if s.control != nil {
		failed = append(failed, s.control.Close())
	}
	if s.salesforce != nil {
		failed = append(failed, s.salesforce.Close())
	}
	if s.exchange != nil {
		failed = append(failed, s.exchange.Close())
	}
	return errors.Join(failed...)
}

// save returns what is needed to start the stand-ins again. The refresh token is the one of the person who signed in.
func (s *standIns) save() savedStandIns {
	app := s.salesforce.App()
	saved := savedStandIns{
		Exchange: hostOf(s.exchange.URL()), Salesforce: hostOf(s.salesforce.LoginURL()),
		MyDomain: hostOf(s.salesforce.MyDomainURL()), Control: hostOf(s.control.URL()),
		Password: s.exchange.Service().Password,
		App:      &app, Secret: app.Secret, PrivateKey: app.PrivateKey, RefreshToken: s.salesforce.RefreshToken(),
	}
	for _, token := range s.salesforce.Issued() { // the newest first
		if strings.HasPrefix(token, refreshTokens) {
			saved.RefreshToken = token
			break
		}
	}
	return saved
}

// refreshTokens is how the refresh tokens of Salesforce begin.
const refreshTokens = "5Aep861"

// hostOf returns the host and port of an address.
func hostOf(address string) string {
	parsed, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return parsed.Host
}

// secret is a text that no output and no file may contain.
type secret struct{ name, text string }

// secrets has the secrets of the story, each in a form that can be found in an output on one line.
func (d *demo) secrets() []secret {
	app := d.salesforce.App()
	issued := d.salesforce.Issued()
	all := make([]secret, 0, 5+len(issued))
	all = append(all, []secret{
		{"the password in the configuration", d.values.Password},
		{"the first password in Exchange", d.firstPassword}, {"the password in Exchange", d.exchange.Service().Password},
		{"the secret of the app in Salesforce", app.Secret},
		{"the private key of the app in Salesforce", strings.Split(app.PrivateKey, "\n")[1]},
	}...)
	for _, token := range issued {
		all = append(all, secret{"a token of Salesforce", token})
	}
	return all
}
