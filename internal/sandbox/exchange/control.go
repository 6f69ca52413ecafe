package exchange

import (
	"crypto/rand"
	"errors"
	"net/http"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox"
)

var _ sandbox.Controlled = (*Server)(nil)

// Name is the target system's.
func (s *Server) Name() string { return "exchange" }

// Title says what it is and how one signs in.
func (s *Server) Title() string { return "Microsoft Exchange, with Basic and NTLM" }

// Variables are those of the service account.
func (s *Server) Variables() []sandbox.Variable {
	service := s.Service()
	return []sandbox.Variable{
		{Name: "exchange_url", Value: s.URL()},
		{Name: "exchange_username", Value: service.Email},
		{Name: "exchange_password", Value: service.Password, Secret: true},
		{Name: "exchange_ca_certificate", Value: s.CA()},
	}
}

// ChangeSecret gives the service account another password.
func (s *Server) ChangeSecret() ([]sandbox.Variable, error) {
	password := rand.Text()
	if err := s.SetPassword(s.Service().Email, password); err != nil {
		return nil, err
	}
	return []sandbox.Variable{{Name: "exchange_password", Value: password, Secret: true}}, nil
}

// Orders are what befalls a service account in Exchange.
func (s *Server) Orders() []sandbox.Order {
	account := "/exchange/accounts/" + s.Service().Email
	return []sandbox.Order{
		{What: "the service account gets another password", Method: http.MethodPatch, Path: account, Body: `{"password":"another one"}`},
		{What: "it may no longer impersonate", Method: http.MethodPatch, Path: account, Body: `{"impersonation":false}`},
		{What: "Exchange asks the next two calls to slow down", Method: http.MethodPost, Path: "/exchange/throttle", Body: `{"times":2}`},
	}
}

// State describes the stand-in, without secrets.
func (s *Server) State() any {
	return struct {
		URL      string             `json:"url"`
		Up       bool               `json:"up"`
		Schemes  []Scheme           `json:"schemes"`
		Accounts []Account          `json:"accounts"`
		Faults   []sandbox.Scripted `json:"faults"`
		SignIns  sandbox.SignIns    `json:"sign_ins"`
	}{s.URL(), s.IsUp(), s.schemes, s.Accounts(), s.Pending(), s.SignIns()}
}

// Routes are what only Exchange has: its accounts, and its way to throttle.
func (s *Server) Routes(mux *http.ServeMux) {
	mux.HandleFunc("PATCH /exchange/accounts/{user}", func(w http.ResponseWriter, r *http.Request) {
		var order change
		if !sandbox.ReadOrder(w, r, &order) {
			return
		}
		err := s.Update(r.PathValue("user"), order.apply)
		if errors.Is(err, ErrNoAccount) {
			sandbox.Reply(w, http.StatusNotFound, err)
			return
		}
		sandbox.Done(w, err, s)
	})
	mux.HandleFunc("POST /exchange/throttle", func(w http.ResponseWriter, r *http.Request) {
		order := struct {
			WaitMilliseconds int64 `json:"wait_ms"`
			Times            int   `json:"times"`
		}{WaitMilliseconds: 5000}
		if sandbox.ReadOrder(w, r, &order) {
			wait := time.Duration(order.WaitMilliseconds) * time.Millisecond
			sandbox.Done(w, s.Fail(Busy(wait), order.Times), s)
		}
	})
}

// change is an order to change an account: what it does not name stays.
type change struct {
	Password        *string    `json:"password"`
	PasswordExpires *time.Time `json:"password_expires"`
	Email           *string    `json:"email"`
	Locked          *bool      `json:"locked"`
	Disabled        *bool      `json:"disabled"`
	Mailbox         *bool      `json:"mailbox"`
	Impersonation   *bool      `json:"impersonation"`
	FullAccess      *bool      `json:"full_access"`
	Calendar        *bool      `json:"calendar"`
	Contacts        *bool      `json:"contacts"`
	Mail            *bool      `json:"mail"`
}

func (c change) apply(a *Account) {
	sandbox.Set(&a.Password, c.Password)
	sandbox.Set(&a.PasswordExpires, c.PasswordExpires)
	sandbox.Set(&a.Email, c.Email)
	sandbox.Set(&a.Locked, c.Locked)
	sandbox.Set(&a.Disabled, c.Disabled)
	sandbox.Set(&a.Mailbox, c.Mailbox)
	sandbox.Set(&a.Impersonation, c.Impersonation)
	sandbox.Set(&a.FullAccess, c.FullAccess)
	sandbox.Set(&a.Calendar, c.Calendar)
	sandbox.Set(&a.Contacts, c.Contacts)
	sandbox.Set(&a.Mail, c.Mail)
}
