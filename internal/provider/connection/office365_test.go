package connection_test

import (
	"os"
	"path/filepath"
	"testing"

	sandbox "github.com/terraform-provider-riva/terraform-provider-riva/internal/sandbox/office365"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/target"
	"github.com/terraform-provider-riva/terraform-provider-riva/internal/testsupport/acctest"
)

// asUser is a connection to Microsoft 365 that works as a user, and a test of it.
const asUser = `
terraform {
  required_providers {
    riva = {
      source = "terraform-provider-riva/riva"
    }
  }
}

provider "riva" {}

variable "office365_tenant_id" {}
variable "office365_client_id" {}
variable "office365_validation_email" {}
variable "office365_authority_url" {}
variable "office365_graph_url" {}
variable "office365_ca_certificate" {}
variable "trigger" {}
variable "username" {}
variable "client_secret" {
  ephemeral = true
}
variable "refresh_token" {
  ephemeral = true
}

resource "riva_connection" "office365" {
  name                 = "Microsoft 365"
  revalidation_trigger = var.trigger

  office365 {
    tenant_id        = var.office365_tenant_id
    client_id        = var.office365_client_id
    client_secret_wo = var.client_secret
    refresh_token_wo = var.refresh_token
    username         = var.username
    validation_email = var.office365_validation_email
    authority_url    = var.office365_authority_url
    graph_url        = var.office365_graph_url
    ca_certificate   = var.office365_ca_certificate
  }
}

data "riva_connection_test" "office365" {
  connection_id = riva_connection.office365.id
  depends_on    = [riva_connection.office365]
}

check "office365" {
  assert {
    condition     = data.riva_connection_test.office365.passed
    error_message = data.riva_connection_test.office365.summary
  }
}
`

// Microsoft 365 is re-validated as the same user, or as another one if that is configured. Otherwise nothing is stored.
func TestRevalidationAsAUserOfMicrosoft365(t *testing.T) {
	t.Parallel()
	example := acctest.NewExample(t, "../../..", "office365")
	server, ok := example.Server.(*sandbox.Server)
	if !ok {
		t.Fatalf("the stand-in is a %T", example.Server)
	}
	if err := os.WriteFile(filepath.Join(example.Dir, "main.tf"), []byte(asUser), 0o600); err != nil {
		t.Fatal(err)
	}
	configure := func(trigger, username, tokenOf string) {
		token, err := server.Approve(tokenOf)
		if err != nil {
			t.Fatal(err)
		}
		example.Set("trigger", trigger)
		example.Set("username", username)
		example.Set("refresh_token", token)
	}
	works := func(when, as string) {
		example.Must("apply", "-auto-approve")
		test := example.Attributes("riva_connection_test")
		if who, ok := test["identity"].(map[string]any); !ok || who["username"] != as || test["passed"] != true {
			t.Errorf("%s: signed in as %v: %v", when, test["identity"], test["summary"])
		}
	}
	service, ada := server.Service().UPN, "ada@example.com"
	example.Set("client_secret", server.Entra.App().Secrets[0].Value)
	configure("one", service, service)
	works("at first", service)
	configure("two", service, service)
	works("as the same user", service)

	kept := example.Get("refresh_token")
	configure("three", service, ada)
	out, err := example.Run("apply", "-auto-approve")
	want := acctest.MatchText(target.WrongIdentity.Title(), "what was stored before stays in force", "Attribute: office365.username")
	if err == nil || !want.MatchString(out) {
		t.Errorf("the token of another user: error %v\n%s", err, out)
	}
	example.Set("trigger", "two")
	example.Set("refresh_token", kept)
	example.ExpectNoChanges("after the rejection")
	works("after the rejection", service)

	configure("four", ada, ada)
	example.Set("office365_validation_email", ada) // the general test opens it, which only its own user can
	works("as another user", ada)
}
