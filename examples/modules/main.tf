# Two connections from one module.

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

variable "exchange_password" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

variable "salesforce_private_key" {
  type      = string
  ephemeral = true
  sensitive = true
}

module "mail" {
  source = "./connection"

  name = "Exchange"
  exchange = {
    ews_url  = "https://mail.example.com/EWS/Exchange.asmx"
    username = "svc-riva@example.com"
  }
  secrets = { password = var.exchange_password }
}

module "crm" {
  source = "./connection"

  name = "Salesforce"
  salesforce = {
    username        = "riva-sync@example.com"
    client_id       = "3MVG9…"
    organization_id = "00D5f000000aaaaEAA"
  }
  secrets = { private_key = var.salesforce_private_key }
}

resource "riva_sync_policy" "mail" {
  name                = "Mail"
  email_connection_id = module.mail.id
  crm_connection_id   = module.crm.id
  interval            = "1h"
}
