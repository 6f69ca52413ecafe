# A connection to NetSuite, and a test that watches it. To try it without NetSuite:
#
#   go run ./internal/cmd/sandbox -systems netsuite -tfvars examples/target-systems/netsuite/terraform.tfvars

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

variable "netsuite_account_id" {
  description = "Account id, such as 1234567, or 1234567_SB1 for a sandbox."
  type        = string
}

variable "netsuite_consumer_key" {
  description = "Consumer key of the integration record."
  type        = string
}

variable "netsuite_token_id" {
  description = "Id of the access token."
  type        = string
}

variable "netsuite_consumer_secret" {
  description = "Consumer secret of the integration record."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "netsuite_token_secret" {
  description = "Secret of the access token."
  type        = string
  ephemeral   = true
  sensitive   = true
}

variable "netsuite_api_url" {
  description = "Address to call instead of the account's own, for tests and private endpoints."
  type        = string
  default     = null
}

variable "netsuite_ca_certificate" {
  description = "Certificate authority to trust (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "netsuite" {
  name = "NetSuite"

  netsuite {
    account_id         = var.netsuite_account_id
    consumer_key       = var.netsuite_consumer_key
    token_id           = var.netsuite_token_id
    consumer_secret_wo = var.netsuite_consumer_secret # write-only: never in plan or state
    token_secret_wo    = var.netsuite_token_secret
    api_url            = var.netsuite_api_url
    ca_certificate     = var.netsuite_ca_certificate
  }
}

data "riva_connection_test" "netsuite" {
  connection_id = riva_connection.netsuite.id
  test          = "general"
  depends_on    = [riva_connection.netsuite] # so that a change is applied before it is tested
}

check "netsuite" {
  assert {
    condition     = data.riva_connection_test.netsuite.passed
    error_message = data.riva_connection_test.netsuite.report
  }
}
