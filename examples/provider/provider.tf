terraform {
  required_providers {
    riva = {
      source = "terraform-provider-riva/riva"
    }
  }
}

# The control plane inside the provider, with its data in ./.riva.
provider "riva" {}

# A shared control plane.
provider "riva" {
  alias = "shared"

  endpoint      = "https://riva.example.com"
  client_id     = "pipeline"
  client_secret = var.riva_client_secret
}

variable "riva_client_secret" {
  type      = string
  ephemeral = true
  sensitive = true
}
