# Which connections do not work?
#   terraform query
list "riva_connection" "failing" {
  provider = riva

  config {
    status = "failing"
  }
}

# Configuration and import blocks for every connection to an email system:
#   terraform query -generate-config-out=connections.tf
list "riva_connection" "email" {
  provider = riva
  limit    = 10000 # by itself Terraform ends at 100

  config {
    kind = "email"
  }
}
