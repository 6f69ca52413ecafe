# Every sync policy; without a limit, Terraform ends at 100:
list "riva_sync_policy" "all" {
  provider = riva
  limit    = 10000
}

# Which policies name a connection?
list "riva_sync_policy" "of_mail" {
  provider = riva

  config {
    connection_id = "0192f0c1-7c5e-7b1a-9a52-6f0e4f6a9d10"
  }
}
