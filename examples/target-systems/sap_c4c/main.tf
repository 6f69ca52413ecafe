# A connection to SAP Cloud for Customer, and a test that watches it. To try it without a tenant:
#
#   go run ./internal/cmd/sandbox -systems sap_c4c -tfvars examples/target-systems/sap_c4c/terraform.tfvars

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

variable "sap_c4c_url" {
  description = "Address of the tenant, such as https://my123456.crm.ondemand.com."
  type        = string
}

variable "sap_c4c_username" {
  description = "User ID of the service user."
  type        = string
}

variable "sap_c4c_password" {
  description = "Password of the service user."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "sap_c4c_ca_certificate" {
  description = "Certificate authority of a proxy in between (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "sap_c4c" {
  name = "SAP Cloud for Customer"

  sap_c4c {
    url            = var.sap_c4c_url
    username       = var.sap_c4c_username
    password_wo    = var.sap_c4c_password # write-only: never in plan or state
    ca_certificate = var.sap_c4c_ca_certificate
  }
}

data "riva_connection_test" "sap_c4c" {
  connection_id = riva_connection.sap_c4c.id
  test          = "general"
  depends_on    = [riva_connection.sap_c4c] # so that a change is applied before it is tested
}

check "sap_c4c" {
  assert {
    condition     = data.riva_connection_test.sap_c4c.passed
    error_message = data.riva_connection_test.sap_c4c.report
  }
}
