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

resource "riva_user" "measured" {
  count = var.size

  email        = "user-${count.index}@example.com"
  display_name = "User ${count.index}"
}
