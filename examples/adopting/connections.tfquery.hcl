list "riva_connection" "all" {
  provider = riva
  limit    = 10000 # by itself Terraform ends at 100, and does not say that there are more
}
