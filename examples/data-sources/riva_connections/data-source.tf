# All email connections that need somebody's attention.
data "riva_connections" "failing" {
  kind   = "email"
  status = "failing"
}

output "failing" {
  value = [for c in data.riva_connections.failing.connections : c.name]
}
