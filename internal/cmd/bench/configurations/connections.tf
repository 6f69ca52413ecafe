terraform {
  required_providers {
    riva = {
      source = "terraform-provider-riva/riva"
    }
  }
}

variable "size" {
  type = number
}

variable "password" {
  type      = string
  ephemeral = true
}

variable "ews_url" {
  type    = string
  default = "https://mail.example.com/EWS/Exchange.asmx"
}

variable "verify" {
  type    = bool
  default = false
}

resource "riva_connection" "measured" {
  count = var.size

  name               = "Connection ${count.index}"
  verify_credentials = var.verify

  exchange {
    ews_url     = var.ews_url
    username    = "svc-riva-${count.index}@example.com"
    password_wo = var.password
  }
}
