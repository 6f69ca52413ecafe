# Who is left out of full sync cycles?
list "riva_user" "left_out" {
  provider = riva

  config {
    enabled = false
  }
}
