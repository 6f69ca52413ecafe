package main

import (
	"errors"
	"fmt"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/ews"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/exchange"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/suitecrm"
)

// password is the secret of both connections.
const password = "measured-Password!"

// systems are the target systems of the measured policy.
type systems struct {
	mailServer *exchange.Server
	crmServer  *suitecrm.Server
	client     suitecrm.Client
	mail, crm  *fastSystem
}

func startSystems() (s *systems, err error) {
	s = &systems{}
	defer func() {
		if err != nil {
			s, err = nil, errors.Join(fmt.Errorf("start the stand-ins: %w", err), s.close())
		}
	}()
	service, ada := ews.NewAccount("svc-riva", "Service Account"), ews.NewAccount("ada", "Ada Lovelace")
	service.Password, service.Impersonation = password, true
	s.mailServer, err = exchange.Start(exchange.Options{
		Accounts: []ews.Account{service, ada}, Schemes: []exchange.Scheme{exchange.Basic},
	})
	if err != nil {
		return s, err
	}
	seed := suitecrm.NewSeed()
	seed.Users[0].Password, s.client = password, seed.Client
	if s.crmServer, err = suitecrm.Start(suitecrm.Options{Seed: &seed}); err != nil {
		return s, err
	}
	if s.mail, err = newFastSystem(s.mailServer.URL(), ada.Email); err != nil {
		return s, err
	}
	s.crm, err = newFastSystem(s.crmServer.URL(), "ada@example.com")
	return s, err
}

// connections returns the two connections. They are not verified: the cycle signs in.
func (s *systems) connections() (crm, mail api.CreateConnection) {
	verify := false
	return api.CreateConnection{
			Name: "SuiteCRM", System: "suitecrm", Verify: &verify,
			Settings: map[string]string{
				"url": s.crm.server.URL, "client_id": s.client.ID, "username": "riva-sync", "ca_certificate": s.crm.certificate(),
			},
			Credentials: map[string]string{"password": password, "client_secret": s.client.Secret},
		}, api.CreateConnection{
			Name: "Exchange", System: "exchange", Verify: &verify,
			Settings: map[string]string{
				"ews_url": s.mail.server.URL + exchange.Path, "username": "svc-riva@example.com", "authentication": "basic",
				"ca_certificate": s.mail.certificate(),
			},
			Credentials: map[string]string{"password": password},
		}
}

func (s *systems) close() error {
	var errs []error
	for _, fast := range []*fastSystem{s.crm, s.mail} {
		if fast != nil {
			fast.server.Close()
		}
	}
	if s.crmServer != nil {
		errs = append(errs, s.crmServer.Close())
	}
	if s.mailServer != nil {
		errs = append(errs, s.mailServer.Close())
	}
	return errors.Join(errs...)
}
