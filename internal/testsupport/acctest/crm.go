package acctest

import (
	"fmt"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/config"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/salesforce"
)

// The grants of Salesforce, each as the lines of settings and secrets that differ.
const (
	JWTBearer = `login_url      = var.login_url
    private_key_wo = var.private_key`
	ClientCredentials = `login_url        = var.my_domain_url
    client_secret_wo = var.client_secret`
	RefreshToken = `login_url        = var.login_url
    client_secret_wo = var.client_secret
    refresh_token_wo = var.refresh_token`
)

// CRM is the usual connection to Salesforce, with the lines of a grant and further attributes of the resource.
func CRM(grant, more string) string {
	return fmt.Sprintf(`
resource "riva_connection" "crm" {
  name = "Salesforce"
  salesforce {
    username  = var.crm_username
    client_id = var.client_id
    %s
  }
  %s
}
`, grant, more)
}

// CRMCheck is a general test of the connection [CRM], run after every change of it.
var CRMCheck = connectionTest("crm")

// crmVariables declares the variables of the fixtures with Salesforce.
const crmVariables = `
variable "login_url" {
  type = string
}

variable "my_domain_url" {
  type = string
}

variable "crm_username" {
  type = string
}

variable "client_id" {
  type = string
}

variable "private_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "client_secret" {
  type      = string
  ephemeral = true
  sensitive = true
}

variable "refresh_token" {
  type      = string
  ephemeral = true
  sensitive = true
}
`

// startCRM starts the stand-in for Salesforce.
func startCRM(t *testing.T) *sandbox.Server {
	t.Helper()
	server, err := sandbox.Start(sandbox.Options{})
	if err != nil {
		t.Fatalf("start the stand-in for Salesforce: %v", err)
	}
	t.Cleanup(func() {
		if err := server.Close(); err != nil {
			t.Errorf("stop the stand-in for Salesforce: %v", err)
		}
	})
	return server
}

// crm are the values of crmVariables.
func (env *Environment) crm() map[string]string {
	app := env.Salesforce.App()
	return map[string]string{
		"login_url": env.Salesforce.LoginURL(), "my_domain_url": env.Salesforce.MyDomainURL(),
		"crm_username": env.Salesforce.Service().Username, "client_id": app.ConsumerKey,
		"private_key": app.PrivateKey, "client_secret": app.Secret, "refresh_token": env.Salesforce.RefreshToken(),
	}
}

func (env *Environment) addCRM(variables config.Variables) config.Variables {
	for name, value := range env.crm() {
		variables[name] = config.StringVariable(value)
	}
	return variables
}
