package acctest

import (
	"fmt"
	"maps"
	"time"

	"github.com/terraform-provider-riva/terraform-provider-riva/internal/api"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// NewPassword is a password that the service account of Exchange does not have at first.
const NewPassword = "another-correct-horse-1"

// With returns the values with some of them changed.
func (v Values) With(changed Values) Values {
	v = maps.Clone(v)
	maps.Copy(v, changed)
	return v
}

// MailValues are the attributes of the usual connection to Exchange.
func (env *Environment) MailValues() Values {
	return Values{"name": "Exchange", "exchange": Values{
		"ews_url": env.Exchange.URL(), "username": env.Exchange.Service().Email, "password_wo": env.Password(),
	}}
}

// CRMValues are the attributes of the usual connection to Salesforce, with a private key.
func (env *Environment) CRMValues() Values {
	app := env.Salesforce.App()
	return Values{"name": "Salesforce", "salesforce": Values{
		"login_url": env.Salesforce.LoginURL(), "username": env.Salesforce.Service().Username, "client_id": app.ConsumerKey,
		"private_key_wo": app.PrivateKey,
	}}
}

// CreatePair creates a connection of each kind and a sync policy over both. It returns the policy.
func (env *Environment) CreatePair(p *Protocol) Instance {
	env.t.Helper()
	return p.Create("riva_sync_policy", Values{
		"name": "Both", "interval": "30m",
		"crm_connection_id":   p.Create("riva_connection", env.CRMValues()).ID(),
		"email_connection_id": p.Create("riva_connection", env.MailValues()).ID(),
	})
}

// CreateMail creates the usual connection to Exchange outside Terraform.
func (env *Environment) CreateMail() api.Connection {
	env.t.Helper()
	return env.createOutside(api.CreateConnection{
		Name: "Exchange", System: "exchange",
		Settings:    map[string]string{"ews_url": env.Exchange.URL(), "username": env.Exchange.Service().Email},
		Credentials: map[string]string{"password": env.Password()},
	})
}

// CreateCRM creates the usual connection to Salesforce outside Terraform.
func (env *Environment) CreateCRM() api.Connection {
	env.t.Helper()
	app := env.Salesforce.App()
	return env.createOutside(api.CreateConnection{
		Name: "Salesforce", System: "salesforce",
		Settings: map[string]string{
			"login_url": env.Salesforce.LoginURL(), "username": env.Salesforce.Service().Username, "client_id": app.ConsumerKey,
		},
		Credentials: map[string]string{"private_key": app.PrivateKey},
	})
}

func (env *Environment) createOutside(in api.CreateConnection) api.Connection {
	env.t.Helper()
	connection, err := env.Client().CreateConnection(env.t.Context(), in)
	if err != nil {
		env.t.Fatalf("create a connection outside Terraform: %v", err)
	}
	return connection
}

// ExpectNoConnections fails the test if a connection is stored.
func (env *Environment) ExpectNoConnections() {
	env.t.Helper()
	left, err := env.Client().Connections(env.t.Context(), api.ConnectionFilter{})
	if err != nil || len(left) != 0 {
		env.t.Errorf("the control plane has %d connections (error %v), want none", len(left), err)
	}
}

// SetPassword changes the password of the service account in Exchange.
func (env *Environment) SetPassword(password string) {
	env.t.Helper()
	if err := env.Exchange.SetPassword(env.Exchange.Service().Email, password); err != nil {
		env.t.Fatalf("change the password in the target system: %v", err)
	}
}

// UpdateApp changes the app of Salesforce that the connection signs in through.
func (env *Environment) UpdateApp(change func(*salesforce.App)) {
	env.t.Helper()
	if err := env.Salesforce.UpdateApp(change); err != nil {
		env.t.Fatalf("change the app in the target system: %v", err)
	}
}

// EndSessions ends the sessions of Salesforce, so that the next call of its API fetches a token.
func (env *Environment) EndSessions() {
	env.t.Helper()
	if err := env.Salesforce.ExpireSessions(""); err != nil {
		env.t.Fatalf("end the sessions: %v", err)
	}
}

// MetadataRefreshedAt is when the metadata of the usual connection to Salesforce was last read.
func (env *Environment) MetadataRefreshedAt() time.Time {
	env.t.Helper()
	found, err := env.Client().ConnectionByName(env.t.Context(), "Salesforce")
	if err != nil || found.MetadataRefreshedAt == nil {
		env.t.Fatalf("find the connection with metadata: %+v, error %v", found, err)
	}
	return *found.MetadataRefreshedAt
}

// Policy is a sync policy over the connections [Mail] and [CRM], the latter included. Destroying abandons that one.
func Policy(name string) string {
	return CRM(JWTBearer, `deletion_policy = "abandon"`) + fmt.Sprintf(`
resource "riva_sync_policy" "mail" {
  name                = %q
  crm_connection_id   = riva_connection.crm.id
  email_connection_id = riva_connection.mail.id
  interval            = "24h"
}
`, name)
}

// CreateFirst reverses the order of Terraform: what depended on a resource is updated before the resource is destroyed.
const CreateFirst = `lifecycle {
    create_before_destroy = true
  }`

// Removed is the block that takes a resource out of the state and leaves its object alone.
func Removed(address string) string {
	return fmt.Sprintf(`
removed {
  from = %s
  lifecycle {
    destroy = false
  }
}
`, address)
}
