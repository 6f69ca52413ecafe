terraform {
  required_version = ">= 1.11.0"

  required_providers {
    riva = {
      source  = "terraform-provider-riva/riva"
      version = "~> 0.1"
    }
  }
}

variable "riva_client_id" {
  type = string
}

variable "riva_client_secret" {
  type      = string
  ephemeral = true # else Terraform writes it into saved plans
  sensitive = true
}

provider "riva" {
  endpoint       = "https://localhost:8443"
  ca_certificate = file("ca.crt") # remove it when the certificate is from a public authority
  client_id      = var.riva_client_id
  client_secret  = var.riva_client_secret
}

variable "exchange_password" {
  type      = string
  ephemeral = true
  sensitive = true
}

resource "riva_connection" "mail" {
  name = "Exchange"

  exchange {
    ews_url     = "https://mail.example.com/EWS/Exchange.asmx"
    username    = "svc-riva@example.com"
    password_wo = var.exchange_password
  }
}
