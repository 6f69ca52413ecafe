# A connection to HCL Notes mail on Domino, and a test that watches it. To try it without Domino:
#
#   go run ./internal/cmd/sandbox -systems hcl_notes -tls -tfvars examples/target-systems/hcl_notes/terraform.tfvars

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

variable "hcl_notes_url" {
  description = "Address of the Domino server that has the mail files."
  type        = string
}

variable "hcl_notes_username" {
  description = "Name of the service account in the Domino Directory, such as Riva Sync/Example."
  type        = string
}

variable "hcl_notes_password" {
  description = "Internet password of the service account."
  type        = string
  ephemeral   = true # else Terraform writes it into saved plans
  sensitive   = true
}

variable "hcl_notes_ca_certificate" {
  description = "Certificate authority of the server (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "hcl_notes" {
  name = "Notes"

  hcl_notes {
    url            = var.hcl_notes_url
    username       = var.hcl_notes_username
    password_wo    = var.hcl_notes_password # write-only: never in plan or state
    ca_certificate = var.hcl_notes_ca_certificate
  }
}

data "riva_connection_test" "hcl_notes" {
  connection_id = riva_connection.hcl_notes.id
  test          = "general"
  depends_on    = [riva_connection.hcl_notes] # so that a change is applied before it is tested
}

check "hcl_notes" {
  assert {
    condition     = data.riva_connection_test.hcl_notes.passed
    error_message = data.riva_connection_test.hcl_notes.report
  }
}
