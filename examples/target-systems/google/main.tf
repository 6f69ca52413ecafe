# A connection to Google Workspace, and a test that watches it. To try it without Google:
#
#   go run ./internal/cmd/sandbox -systems google -tfvars examples/target-systems/google/terraform.tfvars

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

variable "google_admin_email" {
  description = "Primary address of the administrator that must have signed in."
  type        = string
}

variable "google_service_account_key" {
  description = "Key file of the service account with domain-wide delegation (JSON)."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "google_token_url" {
  description = "Token endpoint, if it is not Google's own."
  type        = string
  default     = null
}

variable "google_api_url" {
  description = "Address of all APIs, if they are not at Google's own hosts."
  type        = string
  default     = null
}

variable "google_ca_certificate" {
  description = "Certificate authority in front of Google (PEM), if there is a private one."
  type        = string
  default     = null
}

variable "revalidation_trigger" {
  description = "Any other value has the connection signed in again."
  type        = string
  default     = null
}

resource "riva_connection" "google" {
  name                 = "Google Workspace"
  revalidation_trigger = var.revalidation_trigger

  google {
    admin_email            = var.google_admin_email         # a sign-in as another user is refused
    service_account_key_wo = var.google_service_account_key # write-only: never in plan or state
    token_url              = var.google_token_url
    api_url                = var.google_api_url
    ca_certificate         = var.google_ca_certificate
  }
}

data "riva_connection_test" "google" {
  connection_id = riva_connection.google.id
  test          = "general"
  depends_on    = [riva_connection.google] # so that a change is applied before it is tested
}

check "google" {
  assert {
    condition     = data.riva_connection_test.google.passed
    error_message = data.riva_connection_test.google.report
  }
}
