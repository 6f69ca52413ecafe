# A connection to Microsoft Exchange, and a test that watches it. To try it without Exchange:
#
#   go run ./internal/cmd/sandbox -systems exchange -tfvars examples/target-systems/exchange/terraform.tfvars

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

variable "exchange_url" {
  description = "Address of Exchange Web Services."
  type        = string
}

variable "exchange_username" {
  description = "Service account that the connection signs in as."
  type        = string
}

variable "exchange_password" {
  description = "Password of the service account."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "exchange_ca_certificate" {
  description = "Certificate authority of the Exchange server (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "exchange" {
  name = "Exchange"

  exchange {
    ews_url        = var.exchange_url
    username       = var.exchange_username
    password_wo    = var.exchange_password # write-only: never in plan or state
    ca_certificate = var.exchange_ca_certificate
  }
}

data "riva_connection_test" "exchange" {
  connection_id = riva_connection.exchange.id
  test          = "general"
  depends_on    = [riva_connection.exchange] # so that a change is applied before it is tested
}

check "exchange" {
  assert {
    condition     = data.riva_connection_test.exchange.passed
    error_message = data.riva_connection_test.exchange.report
  }
}
