# A connection to Microsoft 365, and a test that watches it. To try it without Microsoft 365:
#
#   go run ./internal/cmd/sandbox -systems office365 -tls -tfvars examples/target-systems/office365/terraform.tfvars

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

provider "riva" {}

variable "office365_tenant_id" {
  description = "Tenant to sign in to: its id, or one of its verified domains."
  type        = string
}

variable "office365_client_id" {
  description = "Application (client) ID of the app registration that signs in."
  type        = string
}

variable "office365_client_secret" {
  description = "Value of a client secret of the app registration."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "office365_validation_email" {
  description = "Mailbox that tests of the connection look at."
  type        = string
}

variable "office365_authority_url" {
  description = "Where the tenant signs in, for a national cloud."
  type        = string
  default     = null
}

variable "office365_graph_url" {
  description = "Where Microsoft Graph is, for a national cloud."
  type        = string
  default     = null
}

variable "office365_ca_certificate" {
  description = "Certificate authority in front of Microsoft 365 (PEM), if there is a private one."
  type        = string
  default     = null
}

variable "revalidation_trigger" {
  description = "Any other value has the connection signed in again."
  type        = string
  default     = null
}

resource "riva_connection" "office365" {
  name                 = "Microsoft 365"
  revalidation_trigger = var.revalidation_trigger

  office365 {
    tenant_id        = var.office365_tenant_id # where must have been signed in: any other tenant is refused
    client_id        = var.office365_client_id
    client_secret_wo = var.office365_client_secret # write-only: never in plan or state
    validation_email = var.office365_validation_email
    authority_url    = var.office365_authority_url
    graph_url        = var.office365_graph_url
    ca_certificate   = var.office365_ca_certificate
  }
}

data "riva_connection_test" "office365" {
  connection_id = riva_connection.office365.id
  test          = "general"
  depends_on    = [riva_connection.office365] # so that a change is applied before it is tested
}

check "office365" {
  assert {
    condition     = data.riva_connection_test.office365.passed
    error_message = data.riva_connection_test.office365.report
  }
}
