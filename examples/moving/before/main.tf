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

variable "salesforce_private_key" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

resource "riva_connection" "crm" {
  name = "Salesforce"

  salesforce {
    username       = "riva-sync@example.com"
    client_id      = "3MVG9…"
    private_key_wo = var.salesforce_private_key
  }
}
