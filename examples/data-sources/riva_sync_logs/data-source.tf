data "riva_sync_policy" "mail" {
  name = "Mail"
}

# What went wrong in the last day, newest first.
data "riva_sync_logs" "faults" {
  policy_id   = data.riva_sync_policy.mail.id
  only_errors = true
  since       = timeadd(plantimestamp(), "-24h")
  limit       = 500
}

output "faults" {
  value = [
    for log in data.riva_sync_logs.faults.logs : {
      user = log.user_email
      at   = log.at
      what = log.fault.title
      help = log.fault.help
    }
  ]
}

# One person's last ten sync logs.
data "riva_sync_logs" "ada" {
  user_email = "ada@example.com"
  limit      = 10
}
