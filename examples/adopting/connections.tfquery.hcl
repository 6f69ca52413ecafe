list "riva_connection" "all" {
  provider = riva
}
