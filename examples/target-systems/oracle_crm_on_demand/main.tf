# A connection to Oracle CRM On Demand, and a test that watches it. To try it without Oracle:
#
#   go run ./internal/cmd/sandbox -systems oracle_crm_on_demand -tfvars examples/target-systems/oracle_crm_on_demand/terraform.tfvars

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

variable "oracle_crm_on_demand_url" {
  description = "Address of the server, such as https://secure-ausomxapa.crmondemand.com."
  type        = string
}

variable "oracle_crm_on_demand_username" {
  description = "User sign-in ID of the service user, such as EXAMPLE/riva-sync."
  type        = string
}

variable "oracle_crm_on_demand_password" {
  description = "Password of the service user."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "oracle_crm_on_demand_ca_certificate" {
  description = "Certificate authority of a proxy in between (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "oracle_crm_on_demand" {
  name = "Oracle CRM On Demand"

  oracle_crm_on_demand {
    url            = var.oracle_crm_on_demand_url
    username       = var.oracle_crm_on_demand_username
    password_wo    = var.oracle_crm_on_demand_password # write-only: never in plan or state
    ca_certificate = var.oracle_crm_on_demand_ca_certificate
  }
}

data "riva_connection_test" "oracle_crm_on_demand" {
  connection_id = riva_connection.oracle_crm_on_demand.id
  test          = "general"
  depends_on    = [riva_connection.oracle_crm_on_demand] # so that a change is applied before it is tested
}

check "oracle_crm_on_demand" {
  assert {
    condition     = data.riva_connection_test.oracle_crm_on_demand.passed
    error_message = data.riva_connection_test.oracle_crm_on_demand.report
  }
}
