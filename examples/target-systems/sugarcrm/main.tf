# A connection to SugarCRM, and a test that watches it. To try it without Sugar:
#
#   go run ./internal/cmd/sandbox -systems sugarcrm -tfvars examples/target-systems/sugarcrm/terraform.tfvars

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

variable "sugarcrm_url" {
  description = "Address of the Sugar instance."
  type        = string
}

variable "sugarcrm_username" {
  description = "User name of the service user that the connection signs in as."
  type        = string
}

variable "sugarcrm_password" {
  description = "Password of the service user."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "sugarcrm_ca_certificate" {
  description = "Certificate authority of the instance (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "sugarcrm" {
  name = "Sugar"

  sugarcrm {
    url            = var.sugarcrm_url
    username       = var.sugarcrm_username
    platform       = "riva"                # registered in Admin → Configure API Platforms
    password_wo    = var.sugarcrm_password # write-only: never in plan or state
    ca_certificate = var.sugarcrm_ca_certificate
  }
}

data "riva_connection_test" "sugarcrm" {
  connection_id = riva_connection.sugarcrm.id
  test          = "general"
  depends_on    = [riva_connection.sugarcrm] # so that a change is applied before it is tested
}

check "sugarcrm" {
  assert {
    condition     = data.riva_connection_test.sugarcrm.passed
    error_message = data.riva_connection_test.sugarcrm.report
  }
}
