# A connection to Microsoft Exchange or Salesforce, whichever has settings.

terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

variable "name" {
  description = "Display name of the connection."
  type        = string
}

variable "exchange" {
  description = "Settings of Microsoft Exchange."
  type = object({
    ews_url        = string
    username       = string
    ca_certificate = optional(string)
  })
  default = null
}

variable "salesforce" {
  description = "Settings of Salesforce."
  type = object({
    username        = string
    client_id       = string
    organization_id = string # required: Terraform drops a misspelled name of an optional one
    login_url       = optional(string)
  })
  default = null
}

variable "secrets" {
  description = "Secrets, by the names of their attributes without _wo."
  type        = map(string)
  default     = {}
  ephemeral   = true # else Terraform writes them into saved plans
  sensitive   = true
}

resource "riva_connection" "this" {
  name = var.name

  dynamic "exchange" {
    for_each = var.exchange == null ? [] : [var.exchange] # never ephemeral
    content {
      ews_url        = exchange.value.ews_url
      username       = exchange.value.username
      ca_certificate = exchange.value.ca_certificate
      password_wo    = lookup(var.secrets, "password", null)
    }
  }

  dynamic "salesforce" {
    for_each = var.salesforce == null ? [] : [var.salesforce]
    content {
      username        = salesforce.value.username
      client_id       = salesforce.value.client_id
      login_url       = salesforce.value.login_url
      organization_id = salesforce.value.organization_id
      private_key_wo  = lookup(var.secrets, "private_key", null)
    }
  }
}

output "id" {
  description = "Id of the connection."
  value       = riva_connection.this.id
}
