terraform {
  required_providers {
    random = {
      source = "hashicorp/random"
    }
  }
}

variable "size" {
  type = number
}

resource "random_id" "measured" {
  count = var.size

  byte_length = 8
}
