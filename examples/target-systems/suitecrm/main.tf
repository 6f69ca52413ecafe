# A connection to SuiteCRM, and a test that watches it. To try it without SuiteCRM:
#
#   go run ./internal/cmd/sandbox -systems suitecrm -tfvars examples/target-systems/suitecrm/terraform.tfvars

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

variable "suitecrm_url" {
  description = "Address of the SuiteCRM instance; of SuiteCRM 8, with /legacy."
  type        = string
}

variable "suitecrm_client_id" {
  description = "Id of the OAuth2 client that the connection signs in through."
  type        = string
}

variable "suitecrm_username" {
  description = "User name of the service user that the connection signs in as."
  type        = string
}

variable "suitecrm_client_secret" {
  description = "Secret of the OAuth2 client."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "suitecrm_password" {
  description = "Password of the service user."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "suitecrm_ca_certificate" {
  description = "Certificate authority of the instance (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "suitecrm" {
  name = "SuiteCRM"

  suitecrm {
    url              = var.suitecrm_url
    client_id        = var.suitecrm_client_id
    username         = var.suitecrm_username
    client_secret_wo = var.suitecrm_client_secret # write-only: never in plan or state
    password_wo      = var.suitecrm_password
    ca_certificate   = var.suitecrm_ca_certificate
  }
}

data "riva_connection_test" "suitecrm" {
  connection_id = riva_connection.suitecrm.id
  test          = "general"
  depends_on    = [riva_connection.suitecrm] # so that a change is applied before it is tested
}

check "suitecrm" {
  assert {
    condition     = data.riva_connection_test.suitecrm.passed
    error_message = data.riva_connection_test.suitecrm.report
  }
}
