# The configuration that the pipelines of this folder plan and apply. It says nothing about where it runs: the pipeline's
# environment does, for the state (TF_HTTP_…), for the control plane (RIVA_…) and for the secrets (TF_VAR_…).

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }

  backend "http" {} # GitLab's own; any other backend that all jobs reach will do
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
  description = "Password of the service account. A plan without it is complete, but for a changed password."
  type        = string
  default     = null
  ephemeral   = true # else Terraform writes it into saved plans, which pipelines keep
  sensitive   = true
}

variable "exchange_ca_certificate" {
  description = "Certificate authority of the Exchange server (PEM), if it is a private one."
  type        = string
  default     = null
}

resource "riva_connection" "mail" {
  name = "Exchange"

  exchange {
    ews_url        = var.exchange_url
    username       = var.exchange_username
    password_wo    = var.exchange_password # write-only: never in plan or state
    ca_certificate = var.exchange_ca_certificate
  }
}

data "riva_connection_test" "mail" {
  connection_id = riva_connection.mail.id
  depends_on    = [riva_connection.mail] # so that a change is applied before it is tested
}

check "mail_connection" {
  assert {
    condition     = data.riva_connection_test.mail.passed
    error_message = data.riva_connection_test.mail.report
  }
}
