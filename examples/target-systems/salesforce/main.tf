# A connection to Salesforce, and a test that watches it. To try it without Salesforce:
#
#   go run ./internal/cmd/sandbox -systems salesforce -tfvars examples/target-systems/salesforce/terraform.tfvars

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

variable "salesforce_login_url" {
  description = "Where to sign in to Salesforce: the My Domain of the organization, or a login host."
  type        = string
}

variable "salesforce_username" {
  description = "Service user that must have signed in."
  type        = string
}

variable "salesforce_organization_id" {
  description = "Organization that must have been signed in to."
  type        = string
}

variable "salesforce_client_id" {
  description = "Consumer key of the app that the service user signs in through."
  type        = string
}

variable "salesforce_private_key" {
  description = "Private key to the app's certificate (PEM)."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "salesforce_ca_certificate" {
  description = "Certificate authority in front of Salesforce (PEM), if there is a private one."
  type        = string
  default     = null
}

variable "revalidation_trigger" {
  description = "Any other value has the connection signed in again and its metadata read."
  type        = string
  default     = null
}

resource "riva_connection" "salesforce" {
  name                 = "Salesforce"
  revalidation_trigger = var.revalidation_trigger

  salesforce {
    login_url       = var.salesforce_login_url
    username        = var.salesforce_username        # who must have signed in …
    organization_id = var.salesforce_organization_id # … and where: any other organization is refused
    client_id       = var.salesforce_client_id
    private_key_wo  = var.salesforce_private_key # write-only: never in plan or state
    ca_certificate  = var.salesforce_ca_certificate
  }
}

data "riva_connection_test" "salesforce" {
  connection_id = riva_connection.salesforce.id
  test          = "general"
  depends_on    = [riva_connection.salesforce] # so that a change is applied before it is tested
}

check "salesforce" {
  assert {
    condition     = data.riva_connection_test.salesforce.passed
    error_message = data.riva_connection_test.salesforce.report
  }
}
