# A token for a script beside Terraform, which may only read.
ephemeral "riva_access_token" "script" {
  scopes = ["read"]
}
