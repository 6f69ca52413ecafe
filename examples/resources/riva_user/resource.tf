resource "riva_user" "ada" {
  email        = "ada@example.com"
  display_name = "Ada"
}

# Cycles leave a disabled user out.
resource "riva_user" "grace" {
  email   = "grace@example.com"
  enabled = false
}
