# Run a full sync cycle now:
#   terraform apply -invoke=action.riva_run_sync_cycle.mail
action "riva_run_sync_cycle" "mail" {
  config {
    policy_id = data.riva_sync_policy.mail.id
    timeouts {
      invoke = "1h"
    }
  }
}

data "riva_sync_policy" "mail" {
  name = "Mail"
}
