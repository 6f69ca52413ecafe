resource "riva_user" "ada" {
  email        = "ada@example.com"
  display_name = "Ada"
}

# Only the cycles of one policy check this user.
resource "riva_user" "alan" {
  email          = "alan@example.com"
  sync_policy_id = riva_sync_policy.pilot.id
}

resource "riva_sync_policy" "pilot" {
  name     = "Pilot"
  enabled  = false
  interval = "30m"
}

# Cycles leave a disabled user out.
resource "riva_user" "grace" {
  email   = "grace@example.com"
  enabled = false
}
