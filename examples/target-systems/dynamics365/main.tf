# A connection to Microsoft Dynamics 365, and a test that watches it. To try it without Dynamics 365:
#
#   go run ./internal/cmd/sandbox -systems dynamics365 -tfvars examples/target-systems/dynamics365/terraform.tfvars

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

variable "dynamics365_url" {
  description = "Address of the environment, such as https://example.crm4.dynamics.com."
  type        = string
}

variable "dynamics365_tenant_id" {
  description = "Tenant of Microsoft Entra ID: its id, or a verified domain."
  type        = string
}

variable "dynamics365_client_id" {
  description = "Application (client) ID of the app registration."
  type        = string
}

variable "dynamics365_organization_id" {
  description = "Organization ID of the environment, if another one is to be refused."
  type        = string
  default     = null
}

variable "dynamics365_authority_url" {
  description = "Where Microsoft Entra ID is, for national clouds and tests."
  type        = string
  default     = null
}

variable "dynamics365_client_secret" {
  description = "Client secret of the app registration."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
  default     = null
}

variable "dynamics365_certificate" {
  description = "Certificate of the app registration (PEM), instead of a client secret."
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null
}

variable "dynamics365_private_key" {
  description = "Private key to the certificate (PEM)."
  type        = string
  ephemeral   = true
  sensitive   = true
  default     = null
}

variable "dynamics365_ca_certificate" {
  description = "Certificate authority to trust (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "dynamics365" {
  name = "Dynamics 365"

  dynamics365 {
    url             = var.dynamics365_url
    tenant_id       = var.dynamics365_tenant_id
    client_id       = var.dynamics365_client_id
    organization_id = var.dynamics365_organization_id
    authority_url   = var.dynamics365_authority_url
    ca_certificate  = var.dynamics365_ca_certificate

    # Write-only: never in plan or state. Either the secret, or the certificate with its key.
    client_secret_wo = var.dynamics365_client_secret
    certificate_wo   = var.dynamics365_certificate
    private_key_wo   = var.dynamics365_private_key
  }
}

data "riva_connection_test" "dynamics365" {
  connection_id = riva_connection.dynamics365.id
  test          = "general"
  depends_on    = [riva_connection.dynamics365] # so that a change is applied before it is tested
}

check "dynamics365" {
  assert {
    condition     = data.riva_connection_test.dynamics365.passed
    error_message = data.riva_connection_test.dynamics365.report
  }
}
